import type { RecordItem } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { DkimResults, SpfResults } from '../../components/auth-results.tsx'
import { Badge, DispositionBadge } from '../../components/badges.tsx'
import type { Column } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { formats, language, words } from '../../i18n/language.ts'

/**
 * @param sourceHref the page of a source over the days of this report
 */
export function useRecordColumns(sourceHref: (ip: string) => string): Column<RecordItem>[] {
  return useMemo(() => {
    const t = words()
    const f = formats()
    return [
      {
        key: 'source',
        title: t.sources.source,
        kind: 'main',
        cell: (item) => (
          <span class="numbered">
            <span class="muted row-number">{f.integer(item.row)}</span>
            {item.source ? (
              <a href={sourceHref(item.source)}>
                <SourceName value={item.source} />
              </a>
            ) : (
              <SourceName value={null} />
            )}
          </span>
        ),
      },
      { key: 'messages', title: t.overview.messages, kind: 'number', cell: (item) => f.integer(item.messages) },
      { key: 'disposition', title: t.records.disposition, cell: (item) => <DispositionCell item={item} /> },
      { key: 'dkim', title: t.records.dkim, cell: (item) => <DkimResults verdict={item.dkim} results={item.authDkim} /> },
      { key: 'spf', title: t.records.spf, cell: (item) => <SpfResults verdict={item.spf} results={item.authSpf} /> },
      { key: 'from', title: t.records.headerFrom, cell: (item) => <Identifiers item={item} /> },
      { key: 'recomputed', title: t.records.recomputed, cell: (item) => <Recomputed item={item} /> },
    ]
  }, [language.value, sourceHref])
}

function DispositionCell({ item }: { item: RecordItem }) {
  const known: Record<string, string> = words().overrides
  return (
    <>
      <DispositionBadge value={item.disposition} />
      {item.overrides.map((override, index) => (
        <span key={index} class="override">
          <Name value={known[override.type] ?? override.type} />
          {override.comment && (
            <>
              {': '}
              <Name value={override.comment} />
            </>
          )}
        </span>
      ))}
    </>
  )
}

function Identifiers({ item }: { item: RecordItem }) {
  const t = words().records
  return (
    <span class="stack">
      <Name value={item.headerFrom} />
      {item.envelopeFrom && item.envelopeFrom !== item.headerFrom && (
        <span class="muted">
          {t.envelopeFrom}: <Name value={item.envelopeFrom} />
        </span>
      )}
      {item.envelopeTo && (
        <span class="muted">
          {t.envelopeTo}: <Name value={item.envelopeTo} />
        </span>
      )}
    </span>
  )
}

/** Our own evaluation of the raw results; it is worth a word only where it differs from what the reporter says. */
function Recomputed({ item }: { item: RecordItem }) {
  const t = words()
  const differing = (['dkim', 'spf'] as const).filter((name) => item.recomputed[name] !== 'unknown' && item.recomputed[name] !== item[name])
  if (differing.length === 0) return <span class="muted">{t.records.agrees}</span>
  return (
    <span class="stack">
      {differing.map((name) => (
        <Badge key={name} tone="warn">
          {name.toUpperCase()}: {t.verdicts[item.recomputed[name]]}
        </Badge>
      ))}
    </span>
  )
}
