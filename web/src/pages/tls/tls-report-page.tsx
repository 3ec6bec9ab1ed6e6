import type { TlsReportDetail } from '@ruadar/contract'
import { useRoute } from 'preact-iso'
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
  const named = data && { reporter: data.reporter ?? t.deviations.nobody, domain: data.domain ?? t.tls.noDomain }
  return (
    <Page
      title={named ? t.reports.heading(named).join('') : t.tls.report}
      heading={
        named ? t.reports.heading({ reporter: <Name value={named.reporter} />, domain: <Name value={named.domain} /> }) : t.tls.report
      }
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
      {detail.policyList.map((policy, index) => (
        <ReportedPolicy key={index} policy={policy} />
      ))}
      <DeviationSection count={detail.warnings} list={detail.warningList} reporter={detail.reporter} />
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
