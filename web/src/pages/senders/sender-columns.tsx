import type { SenderItem } from '@ruadar/contract'
import type { SenderSort } from '../../api/sender-questions.ts'
import type { Column } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { SenderStateBadge, senderKind } from '../../components/sender-state.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { formats, senderWords, words } from '../../i18n/language.ts'
import type { UsedFilter } from '../../state/use-filter.ts'
import { Cause } from './cause.tsx'

interface ListPlace {
  href: UsedFilter['href']
  sort: SenderSort
  /** What else of the address the list keeps. */
  further: Record<string, string | undefined>
}

export function senderColumns({ href, sort, further }: ListPlace): Column<SenderItem>[] {
  const t = senderWords()
  const o = words().overview
  const f = formats()
  const sortedBy = (order: SenderSort) => ({
    sort: { active: sort === order, href: href('/senders', {}, { ...further, sort: order === 'messages' ? undefined : order }) },
  })
  return [
    {
      key: 'name',
      title: t.senders.sender,
      kind: 'main',
      cell: (item) => (
        <>
          <a href={href(`/senders/${item.id}`)}>
            <Name value={item.name} />
          </a>
          <span class="cell-note">
            {senderKind(item.kind)} · {t.senders.sources(item.sources)}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      title: t.senders.state,
      cell: (item) => (
        <span class="stack">
          <SenderStateBadge value={item.state} />
          {!item.decided && item.state !== 'unknown' && <span class="cell-note">{t.decisionWords.proposed}</span>}
        </span>
      ),
    },
    { key: 'messages', title: o.messages, kind: 'number', cell: (item) => f.integer(item.messages), ...sortedBy('messages') },
    { key: 'share', title: o.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    { key: 'failing', title: o.failingMessages, kind: 'number', cell: (item) => f.integer(item.dmarcFail), ...sortedBy('failing') },
    { key: 'trend', title: t.senders.trend, cell: (item) => <Sparkline counts={item.trend} text={trendText(item.trend)} /> },
    {
      key: 'seen',
      title: t.senders.firstSeen,
      cell: (item) => (
        <span class="stack nowrap">
          {f.day(item.firstSeen)}
          <span class="cell-note">{t.senders.lastSeen(f.day(item.lastSeen))}</span>
        </span>
      ),
      ...sortedBy('newest'),
    },
    { key: 'cause', title: t.senders.cause, kind: 'wide', cell: (item) => <Cause item={item} /> },
  ]
}

function trendText(trend: readonly number[]): string {
  const half = Math.ceil(trend.length / 2)
  const sum = (part: readonly number[]) => formats().integer(part.reduce((total, count) => total + count, 0))
  return senderWords().senders.trendText(sum(trend.slice(0, half)), sum(trend.slice(half)))
}
