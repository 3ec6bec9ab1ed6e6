import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { domainId, type Question, sumsWhere, verdictsWhere, waysWhere, withoutWays } from './filter.ts'
import { sumsBySource, waysOfDomain } from './spans.ts'

type Condition = RawBuilder<unknown>

/**
 * Sums by source: a table in brackets with one or several rows for each source and verdict (`source_ip, dkim, spf, messages, first_day,
 * last_day`). Of all domains together they are kept; else the records tell, summed by way before any name is looked for.
 */
export function sourcesOf(question: Question): Condition {
  const { domain, reporter, sender, source, headerFrom } = question
  if ([domain, reporter, sender, source, headerFrom].every((value) => value === undefined)) {
    return sql`(
      select f.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day
      from ${sumsBySource(question.period)} f where ${verdictsWhere(question)})`
  }
  if (sender !== undefined && [domain, reporter, source, headerFrom].every((value) => value === undefined))
    return sourcesOfSender(sender, question)
  const ways = waysWhere(question)
  if (ways !== null && !(domain !== undefined && source === undefined && reporter === undefined)) {
    return sql`(
      select w.source_ip, f.dkim, f.spf, sum(f.messages) as messages, min(f.day) as first_day, max(f.day) as last_day
      from ways w join counted_records f on f.way_id = w.id
      where ${ways} and ${sumsWhere(withoutWays(question), 'counted_records')}
      group by w.source_ip, f.dkim, f.spf)`
  }
  return sql`(
    select w.source_ip, f.dkim, f.spf, f.messages, f.first_day, f.last_day
    from ${sumsByWay(question)} f cross join lateral ${wayOf(sql`f.way_id`)} w
    where ${ways ?? sql`true`})`
}

/** Of all domains: sources that sent for no other sender have sums of their own, of the others the records of its ways tell. */
function sourcesOfSender(sender: number, question: Question): Condition {
  const other = (condition: Condition) => sql`exists (select from ways o where o.source_ip = w.source_ip and ${condition})`
  return sql`(
    with its as materialized (
      select w.source_ip, ${other(sql`o.sender_id < ${sender}`)} or ${other(sql`o.sender_id > ${sender}`)} or ${other(sql`o.sender_id is null`)} as shared
      from (select distinct source_ip from ways where sender_id = ${sender}) w)
    select f.source_ip, f.dkim, f.spf, sum(f.messages) as messages, min(f.day) as first_day, max(f.day) as last_day
    from its join daily_sources f on f.source_ip = its.source_ip
    where not its.shared and ${sumsWhere(withoutWays(question), 'daily_sources')}
    group by f.source_ip, f.dkim, f.spf
    union all
    select w.source_ip, f.dkim, f.spf, sum(f.messages), min(f.day), max(f.day)
    from its join ways w on w.source_ip = its.source_ip and w.sender_id = ${sender} join counted_records f on f.way_id = w.id
    where its.shared and ${sumsWhere(withoutWays(question), 'counted_records')}
    group by w.source_ip, f.dkim, f.spf)`
}

/**
 * Sums by way: a table in brackets with a row for each way and verdict (`way_id, disposition, dkim, spf, messages, first_day, last_day`).
 * What the filter says about source, Author Domain and sender is left to the caller.
 */
export function sumsByWay(question: Question): Condition {
  const { domain, reporter, period } = question
  const summed = sql`f.way_id, f.disposition, f.dkim, f.spf, sum(f.messages) as messages`
  if (domain === undefined || reporter !== undefined) {
    return sql`(
      select ${summed}, min(f.day) as first_day, max(f.day) as last_day
      from counted_records f where ${sumsWhere(withoutWays(question), 'counted_records')}
      group by f.way_id, f.disposition, f.dkim, f.spf)`
  }
  return sql`(
    select ${summed}, min(f.first_day) as first_day, max(f.last_day) as last_day
    from ${waysOfDomain(domainId(domain), period)} f where ${verdictsWhere(question)}
    group by f.way_id, f.disposition, f.dkim, f.spf)`
}

/**
 * Sums by identity, a way without its source: a table in brackets with rows (`domain_id, author_domain_id, auth_set_id, disposition, dkim,
 * spf, messages`) that may have to be added up. Of a sender they are kept, seconds behind the records.
 */
export function identitiesOf(question: Question): Condition {
  const { sender, source, reporter } = question
  if (sender !== undefined && source === undefined && reporter === undefined) {
    return sql`(select f.* from daily_identities f where f.auth_set_id <> 0 and ${sumsWhere(question, 'daily_identities')})`
  }
  return sql`(
    select f.domain_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf, f.messages
    from ways w join counted_records f on f.way_id = w.id
    where ${waysWhere(question) ?? sql`true`} and ${sumsWhere(withoutWays(question), 'counted_records')})`
}

/** The row of ways with an id, in brackets. A limit of one keeps the planner from reading all ways for thousands of them. */
export const wayOf = (id: Condition): Condition => sql`(select * from ways where ways.id = ${id} limit 1)`
