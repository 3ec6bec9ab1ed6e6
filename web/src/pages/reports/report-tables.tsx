import type { ReportDetail } from '@ruadar/contract'
import { useMemo } from 'preact/hooks'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Name } from '../../components/name.tsx'
import { language, words } from '../../i18n/language.ts'

type Policy = ReportDetail['policy']
type Warning = ReportDetail['warningList'][number]

/** The policy as the receiver found it; tags that the report leaves out are left out here. */
export function PolicyTable({ policy }: { policy: Policy }) {
  const t = words().policy
  const tags = (Object.keys(t) as (keyof Policy)[]).filter((tag) => policy[tag] !== null)
  return (
    <dl class="facts">
      {tags.map((tag) => (
        <div key={tag}>
          <dt>{t[tag]}</dt>
          <dd>
            <code>
              {tag}=<Name value={String(policy[tag])} />
            </code>
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function WarningsTable({ warnings }: { warnings: readonly Warning[] }) {
  const numbered = useMemo(() => warnings.map((warning, index) => ({ ...warning, index })), [warnings])
  const columns = useMemo<Column<Warning & { index: number }>[]>(() => {
    const t = words()
    const known: Record<string, string> = t.warnings
    return [
      {
        key: 'code',
        title: t.reports.warning,
        kind: 'main',
        cell: (item) => (Object.hasOwn(known, item.code) ? known[item.code] : <code>{item.code}</code>),
      },
      {
        key: 'path',
        title: t.reports.where,
        cell: (item) => (
          <span class="mono">
            <Name value={item.path} />
          </span>
        ),
      },
      { key: 'value', title: t.reports.value, kind: 'wide', cell: (item) => <Name value={item.value} /> },
    ]
  }, [language.value])
  return <DataTable caption={words().reports.warning} columns={columns} pages={[numbered]} keyOf={(item) => item.index} />
}
