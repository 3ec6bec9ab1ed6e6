import type { ReporterItem } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { reporters } from '../api/questions.ts'
import { useQuery } from '../api/query.ts'
import { type Column, DataTable } from '../components/data-table.tsx'
import { FilterBar } from '../components/filter-bar.tsx'
import { Name } from '../components/name.tsx'
import { Page } from '../components/page.tsx'
import { ShareBar } from '../components/share-bar.tsx'
import { Answer, Empty } from '../components/states.tsx'
import { formats, language, words } from '../i18n/language.ts'
import { useFilter } from '../state/use-filter.ts'

export function ReportersPage() {
  const t = words().reporters
  const { asked, href } = useFilter()
  const query = useQuery(reporters(asked))
  const columns = useMemo<Column<ReporterItem>[]>(() => {
    const f = formats()
    const o = words().overview
    return [
      {
        key: 'reporter',
        title: t.reporter,
        kind: 'main',
        cell: (item) => (
          <a href={href('/reports', { reporter: item.reporter })}>
            <Name value={item.reporter} />
          </a>
        ),
      },
      { key: 'email', title: t.email, cell: (item) => <Name value={item.email} /> },
      { key: 'reports', title: t.reports, kind: 'number', cell: (item) => f.integer(item.reports) },
      { key: 'messages', title: o.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
      { key: 'failing', title: o.failingMessages, kind: 'number', cell: (item) => f.integer(item.dmarcFail) },
      { key: 'share', title: o.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
      {
        key: 'last',
        title: t.lastReport,
        cell: (item) => (item.lastReportAt ? <span class="nowrap">{f.time(item.lastReportAt)}</span> : <Name value={null} />),
      },
    ]
  }, [language.value, href])
  return (
    <Page
      title={t.title}
      actions={
        <a class="button" href="/deviations">
          {words().deviations.title}
        </a>
      }
    >
      <FilterBar />
      <p class="hint">{t.hint}</p>
      <div class="panel">
        <Answer query={query} lines={10}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title={t.empty} />
            ) : (
              <DataTable wide caption={t.title} columns={columns} pages={[data.items]} keyOf={(item) => item.reporter} />
            )
          }
        </Answer>
      </div>
    </Page>
  )
}
