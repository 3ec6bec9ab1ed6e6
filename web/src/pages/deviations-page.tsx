import type { DeviationItem } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { deviations, queryString } from '../api/questions.ts'
import { usePages } from '../api/query.ts'
import { type Column, PagedTable } from '../components/data-table.tsx'
import { DeviationName } from '../components/deviation-name.tsx'
import { Name } from '../components/name.tsx'
import { Page } from '../components/page.tsx'
import { Empty } from '../components/states.tsx'
import { Tabs } from '../components/tabs.tsx'
import { formats, language, words } from '../i18n/language.ts'
import { filterHref } from '../state/filter.ts'

const KINDS = ['aggregate', 'failure', 'tls'] as const

type About = Parameters<typeof deviations>[0]
const hrefOf = (about: About): string => `/deviations${queryString(about)}`

/** What had to be repaired, and in whose reports: of everybody, of one reporter, or of one kind. */
export function DeviationsPage() {
  const t = words().deviations
  const { query } = useLocation()
  const kind = KINDS.find((item) => item === query['kind'])
  const reporter = query['reporter']?.slice(0, 255) || undefined
  const code = query['code']?.slice(0, 60) || undefined
  const list = usePages(deviations({ reporter, kind, code }))
  const columns = useMemo(() => deviationColumns({ reporter, kind, code }), [language.value, reporter, kind, code])
  return (
    <Page title={t.title} back={{ href: '/reporters', title: words().reporters.title }}>
      <p class="hint">{t.hint}</p>
      <Tabs
        label={t.kind}
        tabs={[
          { href: hrefOf({ reporter, code }), title: t.all, isActive: kind === undefined },
          ...KINDS.map((value) => ({ href: hrefOf({ reporter, code, kind: value }), title: t.tabs[value], isActive: kind === value })),
        ]}
      />
      {(reporter || code) && (
        <p>
          {reporter && (
            <>
              {t.onlyReporter}{' '}
              <strong>
                <Name value={reporter} />
              </strong>{' '}
            </>
          )}
          {code && (
            <>
              {t.onlyCode}{' '}
              <strong>
                <DeviationName code={code} />
              </strong>{' '}
            </>
          )}
          <a href={hrefOf({ kind })}>{t.showAll}</a>
        </p>
      )}
      <div class="panel">
        <PagedTable
          wide
          caption={t.title}
          columns={columns}
          list={list}
          keyOf={(item) => JSON.stringify([item.reporter, item.kind, item.code, item.path])}
          empty={<Empty title={t.empty} />}
        />
      </div>
    </Page>
  )
}

/** Lists of reports by kind; the page of one report stands below its list. */
const LISTS = { aggregate: '/reports', failure: '/failures', tls: '/tls' } as const

function deviationColumns(about: About): Column<DeviationItem>[] {
  const t = words().deviations
  const f = formats()
  return [
    {
      key: 'code',
      title: t.deviation,
      kind: 'main',
      cell: (item) => (
        <span class="stack">
          <a href={hrefOf({ ...about, code: item.code })}>
            <DeviationName code={item.code} />
          </a>
          {item.path !== '' && (
            <span class="mono muted">
              <Name value={item.path} />
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'reporter',
      title: t.reporter,
      cell: (item) =>
        item.reporter === null ? (
          <span class="muted">{t.nobody}</span>
        ) : (
          <a href={hrefOf({ ...about, reporter: item.reporter })}>
            <Name value={item.reporter} />
          </a>
        ),
    },
    { key: 'kind', title: t.kind, cell: (item) => t.kinds[item.kind] },
    { key: 'reports', title: t.reports, kind: 'number', cell: (item) => f.integer(item.reports) },
    { key: 'last', title: t.lastAt, cell: (item) => <span class="nowrap">{f.time(item.lastAt)}</span> },
    { key: 'value', title: t.example, cell: (item) => <Name value={item.lastValue} /> },
    { key: 'open', title: t.newest, cell: (item) => <ReportLinks item={item} /> },
  ]
}

/** The newest report with the deviation, and the list of all reports of its reporter: of a year, since deviations have no period. */
function ReportLinks({ item }: { item: DeviationItem }) {
  const t = words().deviations
  const list = LISTS[item.kind]
  return (
    <span class="lines">
      {item.lastReportId && (
        <a href={`${list}/${encodeURIComponent(item.lastReportId)}`} aria-label={`${t.newest}: ${item.reporter ?? t.nobody}, ${item.code}`}>
          {t.open}
        </a>
      )}
      {item.reporter && <a href={filterHref(list, { reporter: item.reporter, period: '365d' })}>{t.reportsOf}</a>}
    </span>
  )
}
