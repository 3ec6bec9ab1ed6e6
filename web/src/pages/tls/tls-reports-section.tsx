import type { TlsReportItem } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { tlsReports } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ReportSpan } from '../../components/report-span.tsx'
import { readState, ReportNotes, ReportStateTabs } from '../../components/report-states.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'

/** The reports of the period, newest first, those in conflict among them. */
export function TlsReportsSection() {
  const t = words()
  const { query } = useLocation()
  const { asked, href } = useFilter()
  const state = readState(query['state'])
  const list = usePages(tlsReports(asked, state))
  const columns = useMemo(() => reportColumns(), [language.value])
  return (
    <Section title={t.tls.reports}>
      <ReportStateTabs state={state} hrefOf={(value) => href('/tls', {}, { state: value })} />
      <PagedTable
        wide
        caption={t.tls.reports}
        columns={columns}
        list={list}
        keyOf={(item) => item.id}
        empty={<p class="muted">{t.reports.empty}</p>}
      />
    </Section>
  )
}

function reportColumns(): Column<TlsReportItem>[] {
  const t = words()
  const f = formats()
  return [
    {
      key: 'reporter',
      title: t.reporters.reporter,
      kind: 'main',
      cell: (item) => (
        <a href={`/tls/${encodeURIComponent(item.id)}`}>
          <Name value={item.reporter} none={t.tls.report} />
        </a>
      ),
    },
    { key: 'domain', title: t.tls.domain, cell: (item) => <Name value={item.domain} /> },
    { key: 'span', title: t.reports.span, cell: (item) => <ReportSpan begin={item.begin} end={item.end} /> },
    { key: 'failed', title: t.tls.failed, kind: 'number', cell: (item) => f.integer(item.failed) },
    { key: 'successful', title: t.tls.successful, kind: 'number', cell: (item) => f.integer(item.successful) },
    { key: 'share', title: t.tls.share, cell: (item) => <ShareBar pass={item.successful} messages={item.successful + item.failed} /> },
    { key: 'policies', title: t.tls.policies, kind: 'number', cell: (item) => f.integer(item.policies) },
    { key: 'notes', title: t.reports.notes, cell: (item) => <ReportNotes state={item.state} warnings={item.warnings} /> },
  ]
}
