import type { ReportItem } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { reports } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page } from '../../components/page.tsx'
import { readState, ReportNotes, ReportStateTabs } from '../../components/report-states.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { Empty } from '../../components/states.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { ReportSpan } from '../../components/report-span.tsx'

export function ReportsPage() {
  const t = words().reports
  const { query } = useLocation()
  const { asked, href } = useFilter()
  const state = readState(query['state'])
  const list = usePages(reports(asked, state, 100))
  const columns = useMemo(() => reportColumns(), [language.value])
  return (
    <Page title={t.title}>
      <FilterBar />
      <ReportStateTabs state={state} hrefOf={(value) => href('/reports', {}, { state: value })} />
      <div class="panel">
        <PagedTable wide caption={t.title} columns={columns} list={list} keyOf={(item) => item.id} empty={<Empty title={t.empty} />} />
      </div>
    </Page>
  )
}

function reportColumns(): Column<ReportItem>[] {
  const t = words()
  const f = formats()
  return [
    {
      key: 'reporter',
      title: t.reporters.reporter,
      kind: 'main',
      cell: (item) => (
        <a href={`/reports/${encodeURIComponent(item.id)}`}>
          <Name value={item.reporter} />
        </a>
      ),
    },
    { key: 'domain', title: t.overview.policyDomain, cell: (item) => <Name value={item.domain} /> },
    { key: 'span', title: t.reports.span, cell: (item) => <ReportSpan begin={item.begin} end={item.end} /> },
    { key: 'messages', title: t.overview.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
    { key: 'failing', title: t.overview.failingMessages, kind: 'number', cell: (item) => f.integer(item.dmarcFail) },
    { key: 'share', title: t.overview.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    { key: 'notes', title: t.reports.notes, cell: (item) => <ReportNotes state={item.state} warnings={item.warnings} /> },
  ]
}
