import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { type SourceSort, sources } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { PagedTable } from '../../components/data-table.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Page } from '../../components/page.tsx'
import { Empty } from '../../components/states.tsx'
import { language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { sourceColumns } from './source-columns.tsx'

export function SourcesPage() {
  const t = words().sources
  const { query } = useLocation()
  const { asked, href } = useFilter()
  const sort: SourceSort = query['sort'] === 'messages' ? 'messages' : 'failing'
  const list = usePages(sources(asked, sort, 100))
  const columns = useMemo(() => sourceColumns(href, sort), [language.value, href, sort])
  return (
    <Page title={t.title}>
      <FilterBar />
      <p class="hint">{t.hint}</p>
      <div class="panel">
        <PagedTable wide caption={t.title} columns={columns} list={list} keyOf={(item) => item.source} empty={<Empty title={t.empty} />} />
      </div>
    </Page>
  )
}
