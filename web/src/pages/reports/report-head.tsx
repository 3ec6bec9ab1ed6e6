import type { ReportDetail } from '@ruadar/contract'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Name, ReportedText } from '../../components/name.tsx'
import { formats, words } from '../../i18n/language.ts'
import { ReportSpan } from '../../components/report-span.tsx'

/** Who reported, when, and how much. */
export function ReportHead({ detail }: { detail: ReportDetail }) {
  const t = words()
  const f = formats()
  const facts: readonly Fact[] = [
    [t.reports.orgName, <Name value={detail.orgName} />],
    [t.reporters.email, <Name value={detail.email} />],
    [t.reports.contact, detail.extraContactInfo ? <ReportedText value={detail.extraContactInfo} /> : <Name value={null} />],
    [
      t.reports.reportId,
      <span class="mono">
        <Name value={detail.reportId} />
      </span>,
    ],
    [t.reports.span, <ReportSpan begin={detail.begin} end={detail.end} />],
    [t.reports.countsFor, f.day(detail.day)],
    [t.overview.messages, t.reports.messagesInRows(f.integer(detail.messages), detail.records)],
    [t.overview.passShare, f.share(detail.dmarcPass, detail.messages)],
    [t.reports.generator, <Name value={detail.generator} />],
    [t.reports.storedAt, f.time(detail.storedAt)],
    [
      t.reports.mail,
      <a href={`/ingest/${encodeURIComponent(detail.mailId)}`}>{t.reports.mailPart({ part: <Name value={detail.part} /> })}</a>,
    ],
  ]
  return <Facts facts={facts} />
}
