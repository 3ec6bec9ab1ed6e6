import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { sumsWhere, verdictsWhere, waysWhere, withoutWays } from './filter.ts'
import { narrowedBy, type Question } from './question.ts'
import { countOfAll, type Largest, largestOfAll } from './sources-of-all.ts'
import { sumsBySource } from './spans.ts'
import { waysOf } from './sums-by-way.ts'

type Condition = RawBuilder<unknown>

/** Up to so many sources of a sender are looked up one by one; what more have sent is found among the sums of all. */
const fewSources = 300

/** Sums by source, those of `sourcesOf`; where the question is about all domains, of the sources that are among the largest at least. */
export const largestSources = (question: Question, largest: Largest): Condition =>
  narrowedBy(question).length === 0 ? largestOfAll(question, largest) : sourcesOf(question)

/** How many sources had mail in the period, the unknown one left out: a query with one number. */
export const countSources = (question: Question): Condition =>
  narrowedBy(question).length === 0
    ? countOfAll(question)
    : sql`select count(*) as sources from (select f.source_ip from ${sourcesOf(question)} f where f.source_ip <> '::' group by f.source_ip) f`

/**
 * Sums by source: a table in brackets with one or several rows for each source and verdict (`source_ip, dkim, spf, messages, first_day,
 * last_day`). Those of a large domain and of a sender are kept; else the records tell, summed by way before any name is looked for.
 */
export function sourcesOf(question: Question): Condition {
  const { domain, reporter, sender, source } = question
  const narrowed = narrowedBy(question).join(' and ')
  if (narrowed === 'sender') return sourcesOfSender(sender as number, question)
  const ways = waysWhere(question)
  if (ways === null || (domain !== undefined && source === undefined && reporter === undefined)) return waysOf(question)
  return sql`(
    select w.source_ip, ${summed}
    from ways w join counted_records f on f.way_id = w.id
    where ${ways} and ${sumsWhere(withoutWays(question), 'counted_records')}
    group by w.source_ip, f.dkim, f.spf)`
}

const summed = sql`f.dkim, f.spf, total(f.messages) as messages, min(f.day) as first_day, max(f.day) as last_day`

const of = (sums: Condition, question: Question): Condition =>
  sql`(select f.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day from ${sums} f where ${verdictsWhere(question)})`

/**
 * Of all domains: sources that sent for no other sender have sums of their own, of the others the records of its ways tell. The sources
 * are found by stepping over their ways, of which a service has thousands for each, unless they are many.
 */
function sourcesOfSender(sender: number, question: Question): Condition {
  const other = (condition: Condition) =>
    sql`coalesce((select true from ways o where o.source_ip = w.source_ip and ${condition} limit 1), false)`
  return sql`(
    with recursive
      first_ones (source_ip, place) as (
        (select source_ip, 1 from ways where sender_id = ${sender} order by source_ip limit 1)
        union all
        select next.source_ip, f.place + 1
        from first_ones f cross join lateral (
          select w.source_ip from ways w where w.sender_id = ${sender} and w.source_ip > f.source_ip order by w.source_ip limit 1) next
        where f.place <= ${fewSources}
      ),
      found as materialized (select count(*) <= ${fewSources} as few from first_ones),
      its as materialized (
        select w.source_ip, ${other(sql`o.sender_id < ${sender}`)} or ${other(sql`o.sender_id > ${sender}`)} or ${other(sql`o.sender_id is null`)} as shared
        from (
          select source_ip from first_ones where (select few from found)
          union all
          select distinct source_ip from ways where sender_id = ${sender} and not (select few from found)
        ) w
      )
    select f.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day
    from its cross join lateral (
      select f.source_ip, ${summed} from daily_sources f
      where f.source_ip = its.source_ip and ${sumsWhere(withoutWays(question), 'daily_sources')}
      group by f.source_ip, f.dkim, f.spf offset 0) f
    where (select few from found) and not its.shared
    union all
    select f.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day
    from its join ${of(sumsBySource(question.period), question)} f on f.source_ip = its.source_ip
    where not (select few from found) and not its.shared
    union all
    select f.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day
    from its cross join lateral (
      select w.source_ip, ${summed} from ways w join counted_records f on f.way_id = w.id
      where w.source_ip = its.source_ip and w.sender_id = ${sender} and ${sumsWhere(withoutWays(question), 'counted_records')}
      group by w.source_ip, f.dkim, f.spf offset 0) f
    where its.shared)`
}
