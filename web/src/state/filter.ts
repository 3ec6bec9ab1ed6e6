import type { Filter } from '@ruadar/contract'
import { addDays, isDay, monthStart, utcToday } from './days.ts'

/** Periods that move with the calendar. They stay words in the URL, so that a shared link shows the newest days. */
export const PERIODS = ['7d', '30d', '90d', '365d', 'month', 'last-month'] as const
export type Period = (typeof PERIODS)[number]
export const DEFAULT_PERIOD: Period = '30d'

/** What the URL says: the contract's filter, with `period` or `from` and `to`. */
export interface PageFilter extends Filter {
  period?: Period
}

const oneOf =
  <T extends string>(...allowed: readonly T[]) =>
  (value: string): T | undefined =>
    allowed.find((item) => item === value)
const text =
  (limit: number) =>
  (value: string): string | undefined => {
    const trimmed = value.trim()
    return trimmed !== '' && trimmed.length <= limit ? trimmed : undefined
  }
const day = (value: string): string | undefined => (isDay(value) ? value : undefined)

/** Every part of the filter, in the order in which it is written into URLs, with the check of values that come from one. */
const readers: { [K in keyof Required<PageFilter>]: (value: string) => PageFilter[K] } = {
  domain: (value) => text(253)(value)?.toLowerCase(),
  period: oneOf(...PERIODS),
  from: day,
  to: day,
  reporter: text(255),
  source: text(45),
  sender: (value) => (/^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined),
  headerFrom: (value) => text(253)(value)?.toLowerCase(),
  disposition: oneOf('none', 'quarantine', 'reject', 'pass', 'unknown'),
  dmarc: oneOf('pass', 'fail'),
  dkim: oneOf('pass', 'fail', 'unknown'),
  spf: oneOf('pass', 'fail', 'unknown'),
}
const NAMES = Object.keys(readers) as (keyof PageFilter)[]

/** The filter of a URL. Parts that make no sense are dropped: an old or mistyped link shows a page, not an error. */
export function readFilter(query: Record<string, string | undefined>): PageFilter {
  const filter: Record<string, unknown> = {}
  for (const name of NAMES) {
    const value = query[name]
    const read = value === undefined ? undefined : readers[name](value)
    if (read !== undefined) filter[name] = read
  }
  return tidyPeriod(filter)
}

/** A named period and fixed days exclude each other; an empty or turned range says nothing. */
function tidyPeriod(filter: PageFilter): PageFilter {
  const { period, from, to, ...rest } = filter
  if (period) return { ...rest, period }
  if (from && to && from >= to) return rest
  return { ...rest, ...(from && { from }), ...(to && { to }) }
}

/** `path` with the filter and further values as its query string. Parts are written in one order, so equal filters make equal links. */
export function filterHref(path: string, filter: PageFilter, further: Record<string, string | undefined> = {}): string {
  const params = new URLSearchParams()
  for (const name of NAMES) {
    const value = filter[name]
    if (value !== undefined && !(name === 'period' && value === DEFAULT_PERIOD)) params.set(name, String(value))
  }
  for (const [name, value] of Object.entries(further)) if (value !== undefined) params.set(name, value)
  const query = params.toString()
  return query ? `${path}?${query}` : path
}

/** The same filter for the API: every period as [from, to) in UTC days. */
export function apiFilter(filter: PageFilter, today: string = utcToday()): Filter & { from: string; to: string } {
  const { period, from, to, ...rest } = filter
  return { ...rest, ...rangeOf({ ...(period && { period }), ...(from && { from }), ...(to && { to }) }, today) }
}

export function rangeOf(filter: Pick<PageFilter, 'period' | 'from' | 'to'>, today: string = utcToday()): { from: string; to: string } {
  const tomorrow = addDays(today, 1)
  if (filter.from || filter.to) {
    const to = filter.to ?? tomorrow
    return { from: filter.from ?? addDays(to, -30), to }
  }
  switch (filter.period ?? DEFAULT_PERIOD) {
    case '7d':
      return { from: addDays(tomorrow, -7), to: tomorrow }
    case '30d':
      return { from: addDays(tomorrow, -30), to: tomorrow }
    case '90d':
      return { from: addDays(tomorrow, -90), to: tomorrow }
    case '365d':
      return { from: addDays(tomorrow, -365), to: tomorrow }
    case 'month':
      return { from: monthStart(today), to: tomorrow }
    case 'last-month':
      return { from: monthStart(addDays(monthStart(today), -1)), to: monthStart(today) }
  }
}

/** The parts that narrow the data beyond domain and period; they are shown as chips that can be taken off. */
export const NARROWING = ['sender', 'reporter', 'source', 'headerFrom', 'disposition', 'dmarc', 'dkim', 'spf'] as const
export type Narrowing = (typeof NARROWING)[number]

/**
 * The filter on the way to reports of another kind. A reporter has another name there (the domain of a mail, an organisation), and
 * verdicts do not exist; domain, days and source mean the same.
 */
export function filterForOtherKind({ domain, period, from, to, source }: PageFilter): PageFilter {
  return { ...(domain && { domain }), ...(period && { period }), ...(from && { from }), ...(to && { to }), ...(source && { source }) }
}

/** The filter with some parts changed; `undefined` takes a part off. */
export function changeFilter(filter: PageFilter, changes: { [K in keyof PageFilter]?: PageFilter[K] | undefined }): PageFilter {
  const query = asWritten(filter)
  if ('period' in changes) {
    query['from'] = undefined
    query['to'] = undefined
  }
  if (changes.from !== undefined || changes.to !== undefined) query['period'] = undefined
  return readFilter({ ...query, ...asWritten(changes) })
}

/** Every part as a URL has it. */
function asWritten(filter: { [K in keyof PageFilter]?: PageFilter[K] | undefined }): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value === undefined ? undefined : String(value)]))
}
