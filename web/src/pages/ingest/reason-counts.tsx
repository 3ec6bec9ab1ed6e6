import type { IngestSummary } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { MailStateBadge } from '../../components/badges.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Section } from '../../components/page.tsx'
import { formats, language, words } from '../../i18n/language.ts'

type ReasonCount = IngestSummary['reasons'][number]
const STATES = ['imported', 'duplicate', 'conflict', 'ignored', 'quarantined'] as const

/** Why mails did not become reports, counted; each reason leads to its mails. */
export function ReasonCounts({ summary }: { summary: IngestSummary }) {
  const columns = useMemo<Column<ReasonCount>[]>(() => {
    const t = words()
    const f = formats()
    const known: Record<string, string> = t.codes
    return [
      {
        key: 'reason',
        title: t.ingest.reason,
        kind: 'main',
        cell: (item) => (
          <a href={`/ingest?code=${encodeURIComponent(item.code)}#mails`}>
            {Object.hasOwn(known, item.code) ? known[item.code] : <code>{item.code}</code>}
          </a>
        ),
      },
      {
        key: 'outcome',
        title: t.ingest.outcome,
        cell: (item) => {
          const state = STATES.find((value) => value === item.outcome)
          return state ? <MailStateBadge value={state} /> : item.outcome
        },
      },
      { key: 'count', title: t.ingest.parts, kind: 'number', cell: (item) => f.integer(item.count) },
    ]
  }, [language.value])
  const t = words().ingest
  if (summary.reasons.length === 0) return null
  return (
    <Section title={t.reasons} hint={t.reasonsHint}>
      <DataTable caption={t.reasons} columns={columns} pages={[summary.reasons]} keyOf={(item) => `${item.outcome} ${item.code}`} />
    </Section>
  )
}
