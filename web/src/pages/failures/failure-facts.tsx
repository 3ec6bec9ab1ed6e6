import type { FailureDetail } from '@ruadar/contract'
import type { ComponentChildren } from 'preact'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Name } from '../../components/name.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { formats, words } from '../../i18n/language.ts'

/** What the report says besides the sample, each as reported. */
export function FailureFacts({ detail }: { detail: FailureDetail }) {
  const t = words()
  const f = formats()
  const facts: readonly Fact[] = [
    [t.reporters.reporter, <Name value={detail.reporter} />],
    [t.failures.domain, <Name value={detail.domain} />],
    [t.sources.source, <SourceName value={detail.source} />],
    [
      t.failures.arrived,
      <Noted note={detail.arrivalReported ? null : t.failures.arrivedUnknown}>
        <time dateTime={detail.arrivedAt}>{f.time(detail.arrivedAt)}</time>
      </Noted>,
    ],
    [t.failures.mailFrom, detail.mailFrom === '' ? t.failures.nullSender : <Name value={detail.mailFrom} />],
    [t.failures.rcptTo, <Lines values={detail.rcptTo} />],
    [t.failures.messageId, <Name value={detail.messageId} />],
    [t.failures.feedbackType, <Name value={detail.feedbackType} />],
    [t.failures.authFailure, <Name value={detail.authFailure} />],
    [t.failures.result, <Name value={detail.deliveryResult} />],
    [t.failures.incidents, f.integer(detail.incidents)],
    [t.failures.userAgent, <Name value={detail.userAgent} />],
    [t.reports.storedAt, f.time(detail.storedAt)],
    [
      t.reports.mail,
      <a href={`/ingest/${encodeURIComponent(detail.mailId)}`}>{t.reports.mailPart({ part: <Name value={detail.part} /> })}</a>,
    ],
  ]
  return <Facts facts={facts} />
}

/** What the reporter found when it checked the message: DKIM, SPF and alignment, as reported. */
export function AuthenticationFacts({ detail }: { detail: FailureDetail }) {
  const t = words().failures
  const { domain, selector, identity } = detail.dkim
  // As the tags of a DKIM-Signature field, by which everybody knows them.
  const dkim = Object.entries({ d: domain, s: selector, i: identity }).flatMap(([tag, value]) => (value ? [`${tag}=${value}`] : []))
  const facts: readonly Fact[] = [
    [t.authenticationResults, <Lines values={detail.authenticationResults} mono />],
    [t.dkim, <Lines values={dkim} mono />],
    [t.spfDns, <Lines values={detail.spfDns} mono />],
    [
      t.identityAlignment,
      <Noted note={detail.identityAlignment === null ? null : t.identityAlignmentHint}>
        <Name value={detail.identityAlignment} />
      </Noted>,
    ],
  ]
  return <Facts facts={facts} />
}

function Noted({ note, children }: { note: string | null; children: ComponentChildren }) {
  return (
    <span class="lines">
      <span>{children}</span>
      {note && <span class="hint">{note}</span>}
    </span>
  )
}

function Lines({ values, mono = false }: { values: readonly string[]; mono?: boolean }) {
  if (values.length === 0) return <Name value={null} />
  return (
    <ul class="lines">
      {values.map((value, index) => (
        <li key={index} class={mono ? 'mono' : undefined}>
          <Name value={value} />
        </li>
      ))}
    </ul>
  )
}
