import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { authorDomainId, countedWhere, domainId, sumsWhere, verdictsWhere, waysWhere, withoutWays } from './filter.ts'
import type { Question } from './question.ts'
import { waysOfDomain, wayOf } from './spans.ts'

type Condition = RawBuilder<unknown>

/**
 * Sums by way: a table in brackets with one or several rows for each way and verdict (`way_id, source_ip, sender_id, disposition, dkim, spf,
 * messages, first_day, last_day`).
 */
export function waysOf(question: Question): Condition {
  const { domain, reporter, source, sender, headerFrom, period } = question
  if (domain !== undefined && reporter === undefined) {
    const conditions = [
      verdictsWhere(question),
      ...(sender === undefined ? [] : [sql`f.sender_id = ${sender}`]),
      ...(headerFrom === undefined
        ? []
        : [sql`(select w.author_domain_id from ways w where w.id = f.way_id) = ${authorDomainId(headerFrom)}`]),
    ]
    return sql`(select f.* from ${waysOfDomain(domainId(domain), period, source)} f where ${sql.join(conditions, sql` and `)})`
  }
  return sql`(
    select f.way_id, w.source_ip, w.sender_id, f.disposition, f.dkim, f.spf, f.messages, f.first_day, f.last_day
    from (
      select f.way_id, f.disposition, f.dkim, f.spf, total(f.messages) as messages, min(f.day) as first_day, max(f.day) as last_day
      from counted_records f where ${sumsWhere(withoutWays(question), 'counted_records')}
      group by f.way_id, f.disposition, f.dkim, f.spf) f
      cross join lateral ${wayOf(sql`f.way_id`)} w
    where ${waysWhere(question) ?? sql`true`})`
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
  // A service has a way for each of a thousand domains from each address: those of one address stand side by side in an index.
  const ways =
    source === undefined
      ? sql`cross join lateral ${wayOf(sql`f.way_id`)} w`
      : sql`join (select id, author_domain_id, auth_set_id from ways where source_ip = ${source}::inet offset 0) w on w.id = f.way_id`
  return sql`(
    select f.domain_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf, f.messages
    from (
      select f.domain_id, f.way_id, f.disposition, f.dkim, f.spf, total(f.messages) as messages
      from counted_records f where ${countedWhere(question)} group by f.domain_id, f.way_id, f.disposition, f.dkim, f.spf) f
      ${ways})`
}
