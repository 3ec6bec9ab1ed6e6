import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { formats, language, words } from '../../i18n/language.ts'

interface CountsRow {
  name: string
  href: string
  messages: number
  dmarcPass: number
}

/** Names with their messages and passing share, each leading on. */
export function CountsTable({ caption, title, rows }: { caption: string; title: string; rows: readonly CountsRow[] }) {
  const columns = useMemo<Column<CountsRow>[]>(() => {
    const t = words().overview
    const f = formats()
    return [
      {
        key: 'name',
        title,
        kind: 'main',
        cell: (row) => (
          <a href={row.href}>
            <Name value={row.name} />
          </a>
        ),
      },
      { key: 'messages', title: t.messages, kind: 'number', cell: (row) => f.integer(row.messages) },
      { key: 'share', title: t.passShare, cell: (row) => <ShareBar pass={row.dmarcPass} messages={row.messages} /> },
    ]
  }, [language.value, title])
  return <DataTable caption={caption} columns={columns} pages={[rows]} keyOf={(row) => row.name} />
}
