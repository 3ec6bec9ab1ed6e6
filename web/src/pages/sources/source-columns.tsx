import type { SourceItem } from '@ruadar/contract'
import type { SourceSort } from '../../api/questions.ts'
import type { Column } from '../../components/data-table.tsx'
import { ReasonList } from '../../components/reasons.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { formats, words } from '../../i18n/language.ts'
import type { UsedFilter } from '../../state/use-filter.ts'

/** Columns of a list of sources. With `sort` the two numbers lead to the list in their order. */
export function sourceColumns(href: UsedFilter['href'], sort?: SourceSort): Column<SourceItem>[] {
  const t = words()
  const f = formats()
  const sortedBy = (order: SourceSort) => (sort ? { sort: { active: sort === order, href: href('/sources', {}, { sort: order }) } } : {})
  return [
    {
      key: 'source',
      title: t.sources.source,
      kind: 'main',
      cell: (item) => (
        <a href={href(`/sources/${encodeURIComponent(item.source)}`, { source: undefined })}>
          <SourceName value={item.source} />
        </a>
      ),
    },
    {
      key: 'failing',
      title: t.overview.failingMessages,
      kind: 'number',
      cell: (item) => f.integer(item.dmarcFail),
      ...sortedBy('failing'),
    },
    { key: 'messages', title: t.overview.messages, kind: 'number', cell: (item) => f.integer(item.messages), ...sortedBy('messages') },
    { key: 'share', title: t.overview.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    { key: 'seen', title: t.sources.lastSeen, cell: (item) => <span class="nowrap">{f.day(item.lastDay)}</span> },
    { key: 'reasons', title: t.sources.reasons, kind: 'wide', cell: (item) => <ReasonList reasons={item.reasons.slice(0, 2)} /> },
  ]
}
