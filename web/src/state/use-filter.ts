import type { Filter } from '@ruadar/contract'
import { useLocation } from 'preact-iso'
import { useMemo } from 'preact/hooks'
import { apiFilter, changeFilter, filterHref, type PageFilter, readFilter } from './filter.ts'

export interface UsedFilter {
  /** As the URL has it. */
  filter: PageFilter
  /** As the API wants it. */
  asked: Filter & { from: string; to: string }
  /** Goes to the same page with a changed filter; other values of the query stay. */
  change(changes: Parameters<typeof changeFilter>[1]): void
  /** A link to a path under this filter, with changes. */
  href(path: string, changes?: Parameters<typeof changeFilter>[1], further?: Record<string, string | undefined>): string
}

/** Parts of the query that belong to one page only and survive a change of the filter there. */
const PAGE_PARTS = ['sort', 'state', 'failed', 'task', 'rule']

export function useFilter(): UsedFilter {
  const { url, path, query, route } = useLocation()
  return useMemo(() => {
    const filter = readFilter(query)
    const href = (to: string, changes: Parameters<typeof changeFilter>[1] = {}, further: Record<string, string | undefined> = {}) =>
      filterHref(to, changeFilter(filter, changes), further)
    const own = Object.fromEntries(PAGE_PARTS.map((name) => [name, query[name]]))
    return { filter, asked: apiFilter(filter), href, change: (changes) => route(href(path, changes, own)) }
  }, [url])
}
