import type { MailItem } from '@ruadar/contract'
import { words } from '../i18n/language.ts'
import { MailStateBadge } from './badges.tsx'
import { Name } from './name.tsx'
import { reportHref } from './report-href.ts'

type Outcome = MailItem['outcomes'][number]

/** What became of each part of a mail or file, with its reason and a link to the report. */
export function OutcomeList({ outcomes }: { outcomes: readonly Outcome[] }) {
  if (outcomes.length === 0) return null
  return (
    <ul class="outcomes">
      {outcomes.map((outcome, index) => (
        <li key={index}>
          {outcomes.length > 1 && <MailStateBadge value={outcome.outcome} />} <ReportLink outcome={outcome} />{' '}
          <OutcomeReason outcome={outcome} />
        </li>
      ))}
    </ul>
  )
}

/** The report that came of it, whatever its kind. */
function ReportLink({ outcome }: { outcome: Outcome }) {
  const t = words().ingest
  const href = reportHref(outcome)
  if (href === null) return null
  return <a href={href}>{outcome.failureReportId ? t.openSample : outcome.tlsReportId ? t.openTls : t.openReport}</a>
}

/** Why: the sentence of a known code in the reader's language, else the server's message, with the code beside it. */
function OutcomeReason({ outcome }: { outcome: Outcome }) {
  const known: Record<string, string> = words().codes
  if (outcome.code === null) return null
  const sentence = Object.hasOwn(known, outcome.code) ? known[outcome.code] : outcome.message
  return (
    <span>
      {sentence && <Name value={sentence} />} <code class="muted">{outcome.code}</code>
      {outcome.message && outcome.message !== sentence && (
        <span class="human-result">
          <Name value={outcome.message} />
        </span>
      )}
    </span>
  )
}
