import type { SenderSummary } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { senders, senderSummary, type SenderSort } from '../../api/sender-questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { PagedTable } from '../../components/data-table.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Page } from '../../components/page.tsx'
import { Empty } from '../../components/states.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { formats, language, senderWords, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { senderColumns } from './sender-columns.tsx'

const STATES = ['own', 'approved', 'forwarder', 'unknown', 'rejected'] as const
const SORTS: readonly SenderSort[] = ['messages', 'failing', 'newest']

export function SendersPage() {
  const t = senderWords()
  const { query } = useLocation()
  const { asked, filter, href } = useFilter()
  const sort = SORTS.find((item) => item === query['sort']) ?? 'messages'
  const state = STATES.find((item) => item === query['state'])
  const task = query['task'] === 'open' ? 'open' : undefined
  const list = usePages(senders(asked, { sort, ...(state && { state }), ...(task && { task }) }, 100))
  const summary = useQuery(senderSummary(asked))
  const columns = useMemo(() => senderColumns({ href, sort, further: { state, task } }), [language.value, href, sort, state, task])
  return (
    <Page
      title={t.senders.title}
      actions={
        <a class="button" href={href('/sources')}>
          {t.senders.byAddress}
        </a>
      }
    >
      <FilterBar />
      <p class="hint">{t.senders.hint}</p>
      <StateTabs state={state} task={task} sort={sort} summary={summary.data} />
      <div class="panel">
        <PagedTable
          wide
          caption={t.senders.title}
          columns={columns}
          list={list}
          keyOf={(item) => item.id}
          empty={
            <Empty title={t.senders.empty}>
              <p>{t.senders.emptyHint}</p>
              {(state || task) && (
                <a class="button" href={href('/senders')}>
                  {t.senders.all}
                </a>
              )}
              {!state && !task && filter.period !== '365d' && (
                <a class="button" href={href('/senders', { period: '365d' })}>
                  {words().filter.periods['365d']}
                </a>
              )}
            </Empty>
          }
        />
      </div>
    </Page>
  )
}

interface StateTabsProps {
  state: (typeof STATES)[number] | undefined
  task: 'open' | undefined
  sort: SenderSort
  summary: SenderSummary | undefined
}

function StateTabs({ state, task, sort, summary }: StateTabsProps) {
  const t = senderWords().senders
  const f = formats()
  const { href } = useFilter()
  const kept = { sort: sort === 'messages' ? undefined : sort }
  const count = (value: number | undefined) => (value === undefined ? {} : { count: f.compact(value) })
  const all = summary && STATES.reduce((sum, value) => sum + summary[value], 0)
  return (
    <Tabs
      label={t.stateTabs}
      tabs={[
        { href: href('/senders', {}, kept), title: t.all, isActive: !state && !task, ...count(all) },
        ...STATES.map((value) => ({
          href: href('/senders', {}, { state: value, ...kept }),
          title: words().senderStates[value],
          isActive: state === value,
          ...count(summary?.[value]),
        })),
        {
          href: href('/senders', {}, { task: 'open', ...kept }),
          title: t.toRepair,
          isActive: task !== undefined,
          ...count(summary?.openTasks),
        },
      ]}
    />
  )
}
