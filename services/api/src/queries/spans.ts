import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'

type Condition = RawBuilder<unknown>

/** UTC days, half open. */
export interface Period {
  from: string
  to: string
}

/**
 * What a domain's records of a period say of ways: a table in brackets with rows (`way_id, source_ip, sender_id, disposition, dkim, spf,
 * messages, first_day, last_day`) that add up. Of a large domain most come summed up by several days (services/ingest/src/store/spans.ts),
 * the rest are records, summed up by way before the ways are looked up. Of one source only its ways are.
 */
export function waysOfDomain(domain: Condition, period: Period, source?: string): Condition {
  const [its, ofIts] =
    source === undefined
      ? [sql`true`, sql`true`]
      : [sql`t.source_ip = ${source}::inet`, sql`r.way_id in (select w.id from ways w where w.source_ip = ${source}::inet)`]
  return sql`(
    with ${partsOf(domain, period)}
    select t.way_id, t.source_ip, t.sender_id, ${spanColumns}
    from whole join way_spans t on t.first_day = whole.first_day and t.last_day = whole.last_day
    where t.domain_id = ${domain} and ${withinDays(sql`t.first_day`, period)} and ${its}
    union all
    select r.way_id, w.source_ip, w.sender_id, r.disposition, r.dkim, r.spf, r.messages, r.first_day, r.last_day
    from (
      select r.way_id, r.disposition, r.dkim, r.spf, total(r.messages) as messages, min(r.day) as first_day, max(r.day) as last_day
      from rest cross join lateral (
        select f.* from counted_records f
        where f.domain_id = ${domain} and f.day = rest.day and ${withinDays(sql`f.day`, period)} offset 0) r
      where ${ofIts}
      group by r.way_id, r.disposition, r.dkim, r.spf) r
      cross join lateral ${wayOf(sql`r.way_id`)} w)`
}

const spanColumns = sql`t.disposition, t.dkim, t.spf, t.messages, t.seen_first as first_day, t.seen_last as last_day`

/** The row of ways with an id, in brackets. A limit of one keeps the planner from reading all ways for thousands of them. */
export const wayOf = (id: Condition): Condition => sql`(select * from ways where ways.id = ${id} limit 1)`

/** The same of all domains together by source: rows (`source_ip, disposition, dkim, spf, messages, first_day, last_day`). */
export function sumsBySource(period: Period): Condition {
  return sql`(
    with ${partsOf(sql`0`, period)}
    select t.source_ip, ${spanColumns}
    from whole join source_spans t on t.first_day = whole.first_day and t.last_day = whole.last_day
    where ${withinDays(sql`t.first_day`, period)}
    union all
    select r.source_ip, r.disposition, r.dkim, r.spf, r.messages, r.day, r.day
    from rest cross join lateral (select f.* from daily_sources f where f.day = rest.day and ${withinDays(sql`f.day`, period)} offset 0) r)`
}

/** All domains: rows (`domain_id, disposition, dkim, spf, messages, reports, last_at`) that add up to the sums by domain of a period. */
export function sumsByDomain(period: Period): Condition {
  return sql`(
    with ${partsOf(sql`0`, period)}
    select t.domain_id, t.disposition, t.dkim, t.spf, t.messages, t.reports, t.last_at
    from whole join domain_spans t on t.first_day = whole.first_day and t.last_day = whole.last_day
    where ${withinDays(sql`t.first_day`, period)}
    union all
    select r.domain_id, r.disposition, r.dkim, r.spf, r.messages, r.reports, r.last_at
    from rest cross join lateral (select f.* from daily_domains f where f.day = rest.day and ${withinDays(sql`f.day`, period)} offset 0) r)`
}

/** Names the partitions, which the days of `whole` and `rest` alone do not. */
export const withinDays = (day: Condition, { from, to }: Period): Condition => sql`${day} >= ${from}::date and ${day} < ${to}::date`

/** Two queries: the largest spans within the period whose sums are there and true, and the days that none of them has. */
export function partsOf(domain: Condition, { from, to }: Period): Condition {
  return sql`
    made as materialized (
      select s.first_day, s.last_day from spans s
      where s.domain_id = ${domain} and s.made and s.first_day >= ${from}::date and s.last_day < ${to}::date
        and not exists (select from span_changes c where c.domain_id = ${domain} and c.day between s.first_day and s.last_day)
    ),
    whole as materialized (
      select distinct first_day, last_day
      from (
        select first_day, last_day, max(last_day) over (order by first_day, last_day desc rows between unbounded preceding and 1 preceding) as covered
        from made) s
      where covered is null or covered < last_day -- a span lies within another, or beside it; that they are distinct the planner has to be told
    ),
    rest as materialized (
      select day::date from generate_series(${from}::timestamp, ${to}::timestamp - interval '1 day', interval '1 day') day
      where not exists (select from whole where day::date between whole.first_day and whole.last_day)
    )`
}
