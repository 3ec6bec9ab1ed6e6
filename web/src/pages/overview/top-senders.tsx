import type { SenderItem } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { senders } from '../../api/sender-questions.ts'
import { useQuery } from '../../api/query.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { SenderStateBadge, senderKind } from '../../components/sender-state.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { Answer } from '../../components/states.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'

const SHOWN = 8

/** The largest senders by name. */
export function TopSenders({ every }: { every: number }) {
  const t = words().overview
  const { asked, href } = useFilter()
  const query = useQuery(senders(asked, { sort: 'messages' }, SHOWN), { every })
  const columns = useMemo<Column<SenderItem>[]>(() => {
    const o = words().overview
    const f = formats()
    return [
      {
        key: 'name',
        title: o.sender,
        kind: 'main',
        cell: (item) => (
          <>
            <a href={href(`/senders/${item.id}`)}>
              <Name value={item.name} />
            </a>
            <span class="cell-note">{senderKind(item.kind)}</span>
          </>
        ),
      },
      { key: 'state', title: o.senderState, cell: (item) => <SenderStateBadge value={item.state} /> },
      { key: 'messages', title: o.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
      { key: 'failing', title: o.failingMessages, kind: 'number', cell: (item) => f.integer(item.dmarcFail) },
      { key: 'share', title: o.passShare, cell: (item) => <ShareBar pass={item.dmarcPass} messages={item.messages} /> },
    ]
  }, [language.value, href])
  return (
    <Section title={t.senders} hint={t.sendersHint} actions={<a href={href('/senders')}>{t.allSenders}</a>}>
      <Answer query={query} lines={8}>
        {(data) =>
          data.items.length === 0 ? (
            <p class="hint">{t.noSenders}</p>
          ) : (
            <DataTable caption={t.senders} columns={columns} pages={[data.items]} keyOf={(item) => item.id} />
          )
        }
      </Answer>
    </Section>
  )
}
