import type { TlsReportDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
import { useState } from 'preact/hooks'
import { rawMailPath, tlsJsonPath, tlsReport } from '../../api/questions.ts'
import { useQuery } from '../../api/query.ts'
import { ConflictNotice } from '../../components/conflict-notice.tsx'
import { DeviationSection } from '../../components/deviation-section.tsx'
import { useDownload } from '../../components/download.ts'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Name } from '../../components/name.tsx'
import { Page, Section } from '../../components/page.tsx'
import { ReportSpan } from '../../components/report-span.tsx'
import { Answer, ProblemBox } from '../../components/states.tsx'
import { formats, words } from '../../i18n/language.ts'
import { joinParts, type Parts } from '../../i18n/parts.ts'
import { useFilter } from '../../state/use-filter.ts'
import { ReportedPolicy } from './reported-policy.tsx'

export function TlsReportPage() {
  const t = words()
  const id = useRoute().params['id'] ?? ''
  const { href } = useFilter()
  const query = useQuery(tlsReport(id))
  const { data } = query
  const json = useDownload(`${tlsJsonPath(id)}?download=1`, `tls-report-${id}.json`)
  const mail = useDownload(rawMailPath(data?.mailId ?? ''), 'mail.eml')
  return (
    <Page
      title={joinParts(headingParts(data, (value) => value))}
      heading={headingParts(data, (value) => <Name value={value} />)}
      back={{ href: href('/tls'), title: t.tls.title }}
      actions={
        data && (
          <>
            <button type="button" class="button" disabled={json.busy} title={t.tls.jsonHint} onClick={() => void json.run()}>
              {t.tls.json}
            </button>
            <button type="button" class="button" disabled={mail.busy} onClick={() => void mail.run()}>
              {t.reports.downloadMail}
            </button>
          </>
        )
      }
    >
      {json.error && <ProblemBox error={json.error} />}
      {mail.error && <ProblemBox error={mail.error} />}
      <Answer query={query} lines={10}>
        {(detail) => <TlsReportSections detail={detail} onCounted={query.reload} />}
      </Answer>
    </Page>
  )
}

/** Who reports about which domain; either may be left out by the report. */
function headingParts<T>(detail: TlsReportDetail | undefined, name: (value: string) => T): Parts<T> {
  const t = words()
  if (!detail?.reporter) return [t.tls.report]
  return detail.domain ? t.reports.heading({ reporter: name(detail.reporter), domain: name(detail.domain) }) : [name(detail.reporter)]
}

function TlsReportSections({ detail, onCounted }: { detail: TlsReportDetail; onCounted: () => void }) {
  const t = words()
  return (
    <>
      {detail.state === 'conflict' && (
        <ConflictNotice
          countPath={`/tls/reports/${encodeURIComponent(detail.id)}/count`}
          otherHref={detail.conflictsWith && `/tls/${encodeURIComponent(detail.conflictsWith)}`}
          onCounted={onCounted}
        />
      )}
      <Section title={t.tls.head}>
        <TlsReportHead detail={detail} />
      </Section>
      <Policies policies={detail.policyList} />
      <DeviationSection count={detail.warnings} list={detail.warningList} reporter={detail.reporter} />
    </>
  )
}

/** An honest report has a handful; one made to be a burden, thousands. */
const SHOWN = 20

function Policies({ policies }: { policies: TlsReportDetail['policyList'] }) {
  const t = words()
  const f = formats()
  const [shown, setShown] = useState(SHOWN)
  return (
    <>
      {policies.slice(0, shown).map((policy, index) => (
        <ReportedPolicy key={index} policy={policy} />
      ))}
      {policies.length > shown && (
        <p class="more">
          <span class="hint">{t.tls.policiesShown(f.integer(shown), f.integer(policies.length))}</span>{' '}
          <button type="button" class="button" onClick={() => setShown(shown + SHOWN)}>
            {t.states.more}
          </button>
        </p>
      )}
    </>
  )
}

/** Who reported, when, and how much. The contact is text: nothing of a TLS report becomes a link. */
function TlsReportHead({ detail }: { detail: TlsReportDetail }) {
  const t = words()
  const f = formats()
  const facts: readonly Fact[] = [
    [t.tls.organization, <Name value={detail.organization} />],
    [t.reporters.email, <Name value={detail.contact} />],
    [
      t.reports.reportId,
      <span class="mono">
        <Name value={detail.reportId} />
      </span>,
    ],
    [t.reports.span, <ReportSpan begin={detail.begin} end={detail.end} />],
    [t.reports.countsFor, f.day(detail.day)],
    [t.tls.sessions, t.tls.sessionsCounted(f.integer(detail.successful), f.integer(detail.failed))],
    [t.reports.storedAt, f.time(detail.storedAt)],
    [
      t.reports.mail,
      <a href={`/ingest/${encodeURIComponent(detail.mailId)}`}>{t.reports.mailPart({ part: <Name value={detail.part} /> })}</a>,
    ],
  ]
  return <Facts facts={facts} />
}
