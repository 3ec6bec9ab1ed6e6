import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'

type Condition = RawBuilder<unknown>

/** UTC days, half open. */
export interface Period {
  from: string
  to: string
}

/**
 * What a domain's records of a period say of ways: a table in brackets with rows (`way_id, disposition, dkim, spf, messages, first_day,
 * last_day`) that add up. Of a large domain most come summed up by several days (services/ingest/src/store/spans.ts), the rest are records.
 */
export function waysOfDomain(domain: Condition, period: Period): Condition {
  return sql`(
    with ${partsOf(domain, period)}
    select t.way_id, t.disposition, t.dkim, t.spf, t.messages, t.seen_first as first_day, t.seen_last as last_day
    from whole join way_spans t on t.first_day = whole.first_day and t.last_day = whole.last_day
    where t.domain_id = ${domain} and ${withinDays(sql`t.first_day`, period)}
    union all
    select r.way_id, r.disposition, r.dkim, r.spf, r.messages, r.day, r.day
    from rest cross join lateral (
      select f.* from counted_records f
      where f.domain_id = ${domain} and f.day = rest.day and ${withinDays(sql`f.day`, period)} offset 0) r)`
}

/** The same of all domains together by source: rows (`source_ip, disposition, dkim, spf, messages, first_day, last_day`). */
export function sumsBySource(period: Period): Condition {
  return sql`(
    with ${partsOf(sql`0`, period)}
    select t.source_ip, t.disposition, t.dkim, t.spf, t.messages, t.seen_first as first_day, t.seen_last as last_day
    from whole join source_spans t on t.first_day = whole.first_day and t.last_day = whole.last_day
    where ${withinDays(sql`t.first_day`, period)}
    union all
    select r.source_ip, r.disposition, r.dkim, r.spf, r.messages, r.day, r.day
    from rest cross join lateral (select f.* from daily_sources f where f.day = rest.day and ${withinDays(sql`f.day`, period)} offset 0) r)`
}

/** Names the partitions, which the days of `whole` and `rest` alone do not. */
const withinDays = (day: Condition, { from, to }: Period): Condition => sql`${day} >= ${from}::date and ${day} < ${to}::date`

/** Two queries: the largest spans within the period whose sums are there and true, and the days that none of them has. */
function partsOf(domain: Condition, { from, to }: Period): Condition {
  return sql`
    made as materialized (
      select s.first_day, s.last_day from spans s
      where s.domain_id = ${domain} and s.made and s.first_day >= ${from}::date and s.last_day < ${to}::date
        and not exists (select from span_changes c where c.domain_id = ${domain} and c.day between s.first_day and s.last_day)
    ),
    whole as materialized (
      select s.* from made s
      where not exists (
        select from made larger
        where larger.first_day <= s.first_day and larger.last_day >= s.last_day and (larger.first_day, larger.last_day) <> (s.first_day, s.last_day))
    ),
    rest as materialized (
      select day::date from generate_series(${from}::timestamp, ${to}::timestamp - interval '1 day', interval '1 day') day
      where not exists (select from whole where day::date between whole.first_day and whole.last_day)
    )`
}
