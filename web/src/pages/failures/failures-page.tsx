import type { FailureItem, FailureSummary } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { failures, failureSummary } from '../../api/questions.ts'
import { usePages, useQuery } from '../../api/query.ts'
import { Badge } from '../../components/badges.tsx'
import { type Column, PagedTable } from '../../components/data-table.tsx'
import { FilterBar } from '../../components/filter-bar.tsx'
import { Name } from '../../components/name.tsx'
import { Page } from '../../components/page.tsx'
import { shownText } from '../../components/shown-text.ts'
import { SourceName } from '../../components/source-name.tsx'
import { Answer, Empty } from '../../components/states.tsx'
import { Tabs } from '../../components/tabs.tsx'
import { formats, language, words } from '../../i18n/language.ts'
import { useFilter } from '../../state/use-filter.ts'
import { DeliveryResult, FailureKind } from './failure-words.tsx'

const NARROWING = ['reporter', 'source'] as const

export function FailuresPage() {
  const t = words().failures
  const { query } = useLocation()
  const { asked, filter, href } = useFilter()
  const failed = query['failed']?.slice(0, 100) || undefined
  const about = failed === undefined ? asked : { ...asked, authFailure: failed }
  const summary = useQuery(failureSummary(asked))
  const list = usePages(failures(about))
  const columns = useMemo(() => failureColumns((changes) => href('/failures', changes, { failed })), [language.value, href, failed])
  return (
    <Page title={t.title}>
      <FilterBar narrowing={NARROWING} />
      <p class="hint">{t.hint}</p>
      <Answer query={summary} lines={2}>
        {(data) => data.reports > 0 && <Summary summary={data} failed={failed} />}
      </Answer>
      <div class="panel">
        <PagedTable
          wide
          caption={t.title}
          columns={columns}
          list={list}
          keyOf={(item) => item.id}
          empty={
            <Empty title={t.empty}>
              <p>{t.emptyHint}</p>
              {filter.period !== '365d' && (
                <a class="button" href={href('/failures', { period: '365d', reporter: undefined, source: undefined })}>
                  {t.lastYear}
                </a>
              )}
            </Empty>
          }
        />
      </div>
    </Page>
  )
}

/** How many there are, and of which kind; each kind leads to its reports. */
function Summary({ summary, failed }: { summary: FailureSummary; failed: string | undefined }) {
  const t = words().failures
  const f = formats()
  const { href } = useFilter()
  const known: Record<string, string> = t.kinds
  const kinds = summary.authFailures.flatMap(({ authFailure, incidents }) => (authFailure === null ? [] : [{ authFailure, incidents }]))
  return (
    <>
      <p class="standing standing-sentence">{t.summary(summary.reports, summary.incidents)}</p>
      <Tabs
        label={t.whatFailed}
        tabs={[
          { href: href('/failures'), title: t.all, isActive: failed === undefined, count: f.compact(summary.incidents) },
          ...kinds.map(({ authFailure, incidents }) => ({
            href: href('/failures', {}, { failed: authFailure }),
            title: (Object.hasOwn(known, authFailure) ? known[authFailure] : undefined) ?? shownText(authFailure),
            isActive: failed === authFailure,
            count: f.compact(incidents),
          })),
        ]}
      />
    </>
  )
}

/** `narrowed` is the list with only one domain, source or reporter. */
function failureColumns(narrowed: (changes: { domain?: string; source?: string; reporter?: string }) => string): Column<FailureItem>[] {
  const t = words()
  const f = formats()
  return [
    {
      key: 'message',
      title: t.failures.message,
      kind: 'main',
      cell: (item) => (
        <span class="stack">
          <a href={`/failures/${encodeURIComponent(item.id)}`}>
            <Name value={item.subject || t.failures.noSubject} />
          </a>
          {item.author && (
            <span class="muted">
              <Name value={item.author} />
            </span>
          )}
          {item.warnings > 0 && <Badge tone="quiet">{t.reports.warnings(item.warnings)}</Badge>}
        </span>
      ),
    },
    { key: 'arrived', title: t.failures.arrived, cell: (item) => <Arrived item={item} /> },
    { key: 'kind', title: t.failures.whatFailed, cell: (item) => <FailureKind item={item} /> },
    { key: 'result', title: t.failures.result, cell: (item) => <DeliveryResult value={item.deliveryResult} /> },
    {
      key: 'source',
      title: t.sources.source,
      cell: ({ source }) =>
        source === null ? (
          <SourceName value={null} />
        ) : (
          <a href={narrowed({ source })}>
            <SourceName value={source} />
          </a>
        ),
    },
    {
      key: 'domain',
      title: t.failures.domain,
      cell: ({ domain }) =>
        domain === null ? (
          <Name value={null} />
        ) : (
          <a href={narrowed({ domain })}>
            <Name value={domain} />
          </a>
        ),
    },
    {
      key: 'reporter',
      title: t.reporters.reporter,
      cell: ({ reporter }) =>
        reporter === null ? (
          <Name value={null} />
        ) : (
          <a href={narrowed({ reporter })}>
            <Name value={reporter} />
          </a>
        ),
    },
    { key: 'incidents', title: t.failures.incidents, kind: 'number', cell: (item) => f.integer(item.incidents) },
  ]
}

function Arrived({ item }: { item: FailureItem }) {
  const time = <time dateTime={item.arrivedAt}>{formats().time(item.arrivedAt)}</time>
  if (item.arrivalReported) return <span class="nowrap">{time}</span>
  return (
    <span class="nowrap" title={words().failures.arrivedUnknown}>
      ≈ {time}
    </span>
  )
}
