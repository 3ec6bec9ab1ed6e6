import type { SourceIdentity } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { DkimResults, SpfResults } from '../../components/auth-results.tsx'
import { DispositionBadge } from '../../components/badges.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { formats, language, words } from '../../i18n/language.ts'

/** Each way in which the source's mail authenticated: aligned verdicts and raw results side by side. */
export function IdentitiesTable({ identities }: { identities: readonly SourceIdentity[] }) {
  const numbered = useMemo(() => identities.map((identity, index) => ({ ...identity, index })), [identities])
  const columns = useMemo<Column<SourceIdentity & { index: number }>[]>(() => {
    const t = words()
    const f = formats()
    return [
      { key: 'from', title: t.records.headerFrom, kind: 'main', cell: (item) => <Name value={item.headerFrom} /> },
      { key: 'messages', title: t.overview.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
      { key: 'dkim', title: t.records.dkim, cell: (item) => <DkimResults verdict={item.dkim} results={item.authDkim} /> },
      { key: 'spf', title: t.records.spf, cell: (item) => <SpfResults verdict={item.spf} results={item.authSpf} /> },
      { key: 'envelope', title: t.records.envelopeFrom, cell: (item) => <Name value={item.envelopeFrom} /> },
      { key: 'disposition', title: t.records.disposition, cell: (item) => <DispositionBadge value={item.disposition} /> },
    ]
  }, [language.value])
  return <DataTable wide caption={words().sources.identities} columns={columns} pages={[numbered]} keyOf={(item) => item.index} />
}
