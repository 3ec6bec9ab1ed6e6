import type { Attention, SenderSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { factsOf } from './filter.ts'
import { isAboutAll, type Question } from './question.ts'
import { standingsWhere } from './senders.ts'

/**
 * How many senders with mail in the period stand where. A sender of several domains counts for each state that it has. Of all domains
 * together those count whose first and last day lie about the period: asking for every day took seconds where there are thousands.
 */
export async function summariseSenders(db: Db, question: Question): Promise<SenderSummary> {
  const { rows } = await sql<SenderSummary>`
    with stands as (
      select bit_or(case sd.state when 'own' then 1 when 'approved' then 2 when 'forwarder' then 4 when 'rejected' then 8
        else case when sd.decided then 16 else 48 end end + case when sd.task = 'open' then 64 else 0 end) as has
      from ${activeStandings(question)} sd where ${standingsWhere(question)}
      group by sd.sender_id)
    select count(*) filter (where has & 1 > 0) as own, count(*) filter (where has & 2 > 0) as approved,
      count(*) filter (where has & 4 > 0) as forwarder, count(*) filter (where has & 16 > 0) as unknown,
      count(*) filter (where has & 8 > 0) as rejected, count(*) filter (where has & 32 > 0) as "undecidedUnknown",
      count(*) filter (where has & 64 > 0) as "openTasks"
    from stands`.execute(db)
  return rows[0] as SenderSummary
}

/** A query in brackets: rows of sender_domains of those with mail in the period. */
function activeStandings(question: Question) {
  const { from, to } = question.period
  if (isAboutAll(question)) return sql`(select * from sender_domains where first_day < ${to}::date and last_day >= ${from}::date)`
  const { table, where } = factsOf(question, 'sender', 'domain')
  return sql`(
    select s.* from (select distinct f.sender_id, f.domain_id from ${table} f where ${where}) active join sender_domains s using (sender_id, domain_id))`
}

/** What waits for a person: the inbox of the default period, and open alerts. */
export async function askAttention(db: Db, { period }: Pick<Question, 'period'>): Promise<Attention> {
  const { rows } = await sql<Attention>`
    select
      (select count(distinct sd.sender_id) from sender_domains sd
        where sd.state = 'unknown' and not sd.decided and sd.last_day >= ${period.from}::date and sd.last_day < ${period.to}::date) as "unknownSenders",
      (select count(*) from alerts where state = 'open') as "openAlerts"`.execute(db)
  return rows[0] as Attention
}
