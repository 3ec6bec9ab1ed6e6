import type { ReportDetail } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { queryString } from '../api/questions.ts'
import { formats, language, words } from '../i18n/language.ts'
import { type Column, DataTable } from './data-table.tsx'
import { DeviationName } from './deviation-name.tsx'
import { Name } from './name.tsx'
import { Section } from './page.tsx'

type Warning = ReportDetail['warningList'][number]

interface DeviationSectionProps {
  /** How many the report has; the list may be cut. */
  count: number
  list: readonly Warning[]
  /** As deviations are listed under; null: the report does not say. */
  reporter: string | null
}

/** Where one report strays from the standard, with the way to all deviations of its reporter. */
export function DeviationSection({ count, list, reporter }: DeviationSectionProps) {
  const t = words()
  if (list.length === 0) return null
  return (
    <Section
      title={t.reports.warnings(count)}
      hint={t.reports.warningsHint}
      actions={reporter && <a href={`/deviations${queryString({ reporter })}`}>{t.deviations.ofReporter}</a>}
    >
      <WarningsTable warnings={list} />
      {count > list.length && <p class="hint">{t.reports.warningsShown(formats().integer(list.length))}</p>}
    </Section>
  )
}

function WarningsTable({ warnings }: { warnings: readonly Warning[] }) {
  const numbered = useMemo(() => warnings.map((warning, index) => ({ ...warning, index })), [warnings])
  const columns = useMemo<Column<Warning & { index: number }>[]>(() => {
    const t = words().reports
    return [
      { key: 'code', title: t.warning, kind: 'main', cell: (item) => <DeviationName code={item.code} /> },
      {
        key: 'path',
        title: t.where,
        cell: (item) => (
          <span class="mono">
            <Name value={item.path} />
          </span>
        ),
      },
      { key: 'value', title: t.value, kind: 'wide', cell: (item) => <Name value={item.value} /> },
    ]
  }, [language.value])
  return <DataTable caption={words().reports.warning} columns={columns} pages={[numbered]} keyOf={(item) => item.index} />
}
