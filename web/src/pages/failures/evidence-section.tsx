import type { Evidence, FailureDetail } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { DispositionBadge, Verdict } from '../../components/badges.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { SourceName } from '../../components/source-name.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { addDays } from '../../state/days.ts'

type Row = Evidence['rows'][number] & { index: number }

/** What aggregate reports count of the same source on the same day, to set the single message against. */
export function EvidenceSection({ detail }: { detail: FailureDetail }) {
  const t = words().failures
  const f = formats()
  const { evidence } = detail
  if (evidence === null)
    return (
      <Section title={t.evidence}>
        <p class="muted">{t.evidenceNone}</p>
      </Section>
    )
  const lastDay = addDays(evidence.to, -1)
  const days = evidence.from === lastDay ? f.day(lastDay) : `${f.day(evidence.from)} – ${f.day(lastDay)}`
  return (
    <Section
      title={t.evidence}
      hint={t.evidenceHint({ source: <SourceName value={detail.source} />, domain: <Name value={detail.domain} />, days })}
    >
      {evidence.rows.length === 0 ? <p class="muted">{t.evidenceEmpty}</p> : <EvidenceTable rows={evidence.rows} domain={detail.domain} />}
    </Section>
  )
}

function EvidenceTable({ rows, domain }: { rows: Evidence['rows']; domain: string | null }) {
  const numbered = useMemo(() => rows.map((row, index) => ({ ...row, index })), [rows])
  // What is the same in all rows stands above the table already; without it the table fits beside the header.
  const hasDays = new Set(rows.map((row) => row.day)).size > 1
  const hasDomains = rows.some((row) => (row.headerFrom ?? row.domain) !== domain)
  const columns = useMemo<Column<Row>[]>(() => {
    const t = words()
    const f = formats()
    return [
      { key: 'reporter', title: t.reporters.reporter, kind: 'main', cell: (row) => <Name value={row.reporter} /> },
      { key: 'messages', title: t.overview.messages, kind: 'number', cell: (row) => f.integer(row.messages) },
      { key: 'dkim', title: t.records.dkim, cell: (row) => <Verdict value={row.dkim} /> },
      { key: 'spf', title: t.records.spf, cell: (row) => <Verdict value={row.spf} /> },
      { key: 'disposition', title: t.records.disposition, cell: (row) => <DispositionBadge value={row.disposition} /> },
      ...(hasDays ? [{ key: 'day', title: t.chart.days, cell: (row: Row) => <span class="nowrap">{f.day(row.day)}</span> }] : []),
      ...(hasDomains
        ? [{ key: 'from', title: t.records.headerFrom, cell: (row: Row) => <Name value={row.headerFrom ?? row.domain} /> }]
        : []),
    ]
  }, [language.value, hasDays, hasDomains])
  return (
    <DataTable
      wide={hasDays || hasDomains}
      caption={words().failures.evidence}
      columns={columns}
      pages={[numbered]}
      keyOf={(row) => row.index}
    />
  )
}
