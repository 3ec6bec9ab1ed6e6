import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { dmarcFail, verdictsWhere } from './filter.ts'
import { isAboutAll, type Question } from './question.ts'
import { partsOf, type Period, withinDays } from './spans.ts'

type Condition = RawBuilder<unknown>

/** Part of a list of sources: at most so many, of those for which a condition on `messages`, `failing` (an expression) and `source_ip` holds. */
export interface Largest {
  most: number
  where: (failing: Condition) => Condition
}

/**
 * The sources of all domains together, as far as a list of the largest has to know them: a table in brackets with rows (`source_ip, dkim,
 * spf, messages, first_day, last_day`). Most sources are lone, with one row in all; of these an index tells the largest of each span, those
 * with failing messages and those without. All others are there as a whole, and lone ones that came again on an open day.
 */
export function largestOfAll(question: Question, { most, where }: Largest): Condition {
  const failing = sql`case when ${dmarcFail} then messages else 0 end`
  const { period } = question
  return sql`(
    with ${recurringSources(question)}
    select * from recurring
    union all
    select ${columns}
    from open_sources again cross join lateral (
      select f.* from source_spans f
      where f.source_ip = again.source_ip and f.lone and ${withinDays(sql`f.first_day`, period)} and exists (select from whole where ${ofSpan(period)})
      offset 0) f
    where ${verdictsWhere(question)}
    union all
    select lone.*
    from whole cross join unnest(${verdictsOf(question)}::boolean[]) dmarc (fails) cross join lateral (
      select ${columns} from source_spans f
      where ${loneOf(question)} and (${dmarcFail}) = dmarc.fails and ${where(failing)}
      order by f.messages desc, f.source_ip limit ${most}) lone)`
}

/** Whether the messages asked about can fail DMARC (true), and whether they can pass (false). */
function verdictsOf({ dmarc, dkim, spf }: Question): boolean[] {
  if (dmarc === 'fail') return [true]
  return [dmarc, dkim, spf].includes('pass') ? [false] : [true, false]
}

/** How many sources of all domains together had mail in the period, the unknown one left out: a query with one number. */
export function countOfAll(question: Question): Condition {
  const lone = sql`select count(*) from whole cross join lateral (select from source_spans f where ${loneOf(question)} and f.source_ip <> '::') lone`
  const counted = sql`
    select coalesce(sum(s.lone_sources), 0)
    from whole join spans s on s.domain_id = 0 and s.first_day = whole.first_day and s.last_day = whole.last_day`
  return sql`
    with ${recurringSources(question)}
    select (select count(*) from (select f.source_ip from recurring f where f.source_ip <> '::' group by f.source_ip) known)
      + case when ${!isAboutAll(question)}::boolean or exists (select from open_sources) then (${lone}) else (${counted}) end as sources`
}

const columns = sql`f.source_ip, f.dkim, f.spf, f.messages, f.seen_first, f.seen_last`

/** Conditions on `f`: the row of a source in the span `whole` that is lone, and not on an open day as well. */
const loneOf = (question: Question): Condition => sql`
  ${ofSpan(question.period)} and f.lone and ${verdictsWhere(question)} and f.source_ip not in (select source_ip from open_sources)`

const ofSpan = (period: Period): Condition =>
  sql`f.first_day = whole.first_day and f.last_day = whole.last_day and ${withinDays(sql`f.first_day`, period)}`

/**
 * Queries: `whole`, the spans that the period is made of, `recurring`, their sums of sources that are not lone with those of the days between
 * them, and `open_sources`, who sent on a day that lies in no span with true sums: there sources may be that are lone elsewhere.
 */
function recurringSources(question: Question): Condition {
  const { period } = question
  const verdicts = verdictsWhere(question)
  const sumsOf = (days: Condition) =>
    sql`${days} d cross join lateral (select f.* from daily_sources f where f.day = d.day and ${withinDays(sql`f.day`, period)} offset 0) f`
  return sql`
    ${partsOf(sql`0`, period)},
    open_days as materialized (
      select d.day from rest d
      where not exists (
        select from spans s
        where s.domain_id = 0 and s.made and s.first_day > d.day - 16 and s.first_day <= d.day and s.last_day >= d.day
          and not exists (select from span_changes c where c.domain_id = 0 and c.day between s.first_day and s.last_day))
    ),
    open_sources as materialized (select distinct f.source_ip from ${sumsOf(sql`open_days`)} where ${verdicts}),
    recurring (source_ip, dkim, spf, messages, first_day, last_day) as (
      select ${columns} from whole join source_spans f on ${ofSpan(period)} where not f.lone and ${verdicts}
      union all
      select f.source_ip, f.dkim, f.spf, f.messages, f.day, f.day from ${sumsOf(sql`rest`)} where ${verdicts}
    )`
}
