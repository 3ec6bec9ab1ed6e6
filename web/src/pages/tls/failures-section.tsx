import type { TlsFailureItem } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import type { Pages } from '../../api/query.ts'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { ResultMeaning, ResultName } from './tls-words.tsx'

/** Why sessions failed: kinds of failure by receiving server, who met them, and what to do. */
export function TlsFailuresSection({ list }: { list: Pages<TlsFailureItem> }) {
  const t = words().tls
  const { filter } = useFilter()
  const isOneDomain = filter.domain !== undefined
  const columns = useMemo(() => failureColumns(isOneDomain), [language.value, isOneDomain])
  return (
    <Section title={t.failures} hint={t.failuresHint}>
      <PagedTable
        wide
        caption={t.failures}
        columns={columns}
        list={list}
        keyOf={(item) => JSON.stringify([item.resultType, item.receivingMx])}
        empty={<p class="good-news">{t.noFailures}</p>}
      />
    </Section>
  )
}

function failureColumns(isOneDomain: boolean): Column<TlsFailureItem>[] {
  const t = words().tls
  const f = formats()
  return [
    { key: 'type', title: t.failure, kind: 'main', cell: (item) => <ResultName type={item.resultType} /> },
    { key: 'sessions', title: t.sessions, kind: 'number', cell: (item) => f.integer(item.sessions) },
    { key: 'meaning', title: t.meaning, kind: 'wide', cell: (item) => <ResultMeaning type={item.resultType} /> },
    { key: 'mx', title: t.receivingMx, cell: (item) => <Name value={item.receivingMx} none={t.anyMx} /> },
    { key: 'mtas', title: t.sendingMtas, cell: (item) => <SendingServers item={item} /> },
    { key: 'reporters', title: words().overview.reporters, cell: (item) => <Names values={item.reporters} /> },
    ...(isOneDomain ? [] : [{ key: 'domains', title: t.domains, cell: (item: TlsFailureItem) => <Names values={item.domains} /> }]),
    {
      key: 'last',
      title: t.lastDay,
      cell: (item) => <span class="nowrap">{f.day(item.lastDay)}</span>,
    },
  ]
}

function SendingServers({ item }: { item: TlsFailureItem }) {
  const f = formats()
  if (item.sendingMtas.length === 0) return <Name value={null} />
  return (
    <ul class="lines">
      {item.sendingMtas.map(({ ip, sessions }) => (
        <li key={ip}>
          <span class="mono">
            <Name value={ip} />
          </span>{' '}
          <span class="muted">× {f.integer(sessions)}</span>
        </li>
      ))}
    </ul>
  )
}

function Names({ values }: { values: readonly string[] }) {
  return (
    <ul class="lines">
      {values.map((value) => (
        <li key={value}>
          <Name value={value} />
        </li>
      ))}
    </ul>
  )
}
