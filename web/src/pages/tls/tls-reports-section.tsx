import type { TlsReportItem } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { tlsReports } from '../../api/questions.ts'
import { usePages } from '../../api/query.ts'
import { Badge } from '../../components/badges.tsx'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { Section } from '../../components/page.tsx'
import { ReportSpan } from '../../components/report-span.tsx'
import { ShareBar } from '../../components/share-bar.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'

const STATES = ['counted', 'conflict'] as const

/** The reports of the period, newest first, those in conflict among them. */
export function TlsReportsSection() {
  const t = words()
  const { query } = useLocation()
  const { asked, href } = useFilter()
  const state = STATES.find((item) => item === query['state'])
  const list = usePages(tlsReports(asked, state))
  const columns = useMemo(() => reportColumns(), [language.value])
  const tab = (value: string | undefined, title: string) => ({ href: href('/tls', {}, { state: value }), title, isActive: state === value })
  return (
    <Section title={t.tls.reports}>
      <Tabs label={t.reports.state} tabs={[tab(undefined, t.tls.all), ...STATES.map((value) => tab(value, t.reports.states[value]))]} />
      {state === 'conflict' && <p class="hint">{t.reports.conflictHint}</p>}
      <PagedTable
        wide
        caption={t.tls.reports}
        columns={columns}
        list={list}
        keyOf={(item) => item.id}
        empty={<p class="muted">{t.reports.empty}</p>}
      />
    </Section>
  )
}

function reportColumns(): Column<TlsReportItem>[] {
  const t = words()
  const f = formats()
  return [
    {
      key: 'reporter',
      title: t.reporters.reporter,
      kind: 'main',
      cell: (item) => (
        <a href={`/tls/${encodeURIComponent(item.id)}`}>
          <Name value={item.reporter} none={t.tls.report} />
        </a>
      ),
    },
    { key: 'domain', title: t.tls.domain, cell: (item) => <Name value={item.domain} /> },
    { key: 'span', title: t.reports.span, cell: (item) => <ReportSpan begin={item.begin} end={item.end} /> },
    { key: 'failed', title: t.tls.failed, kind: 'number', cell: (item) => f.integer(item.failed) },
    { key: 'successful', title: t.tls.successful, kind: 'number', cell: (item) => f.integer(item.successful) },
    { key: 'share', title: t.tls.share, cell: (item) => <ShareBar pass={item.successful} messages={item.successful + item.failed} /> },
    { key: 'policies', title: t.tls.policies, kind: 'number', cell: (item) => f.integer(item.policies) },
    {
      key: 'notes',
      title: t.reports.notes,
      cell: (item) =>
        (item.state === 'conflict' || item.warnings > 0) && (
          <span class="badges">
            {item.state === 'conflict' && <Badge tone="warn">{t.reports.states.conflict}</Badge>}
            {item.warnings > 0 && <Badge tone="quiet">{t.reports.warnings(item.warnings)}</Badge>}
          </span>
        ),
    },
  ]
}
