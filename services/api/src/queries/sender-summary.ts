import type { Attention, SenderSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { factsOf } from './filter.ts'
import { isAboutAll, type Question } from './question.ts'
import { standingsWhere } from './senders.ts'

/** Of up to so many senders each state is looked for; of more, what they are to each of their domains is read. */
const fewSenders = 1000

/**
 * How many senders with mail in the period stand where. A sender of several domains counts for each state that it has. Of all domains
 * together those count whose first and last day lie about the period: asking for every day took seconds where there are thousands.
 */
export async function summariseSenders(db: Db, question: Question): Promise<SenderSummary> {
  const { rows } = await sql<SenderSummary>`
    with recursive
      ${isAboutAll(question) ? standingsOfAll(question) : standingsOf(question)},
      stands as (
        select bit_or(case state when 'own' then 1 when 'approved' then 2 when 'forwarder' then 4 when 'rejected' then 8
          else case when decided then 16 else 48 end end + case when open then 64 else 0 end) as has
        from standings group by sender_id)
    select count(*) filter (where has & 1 > 0) as own, count(*) filter (where has & 2 > 0) as approved,
      count(*) filter (where has & 4 > 0) as forwarder, count(*) filter (where has & 16 > 0) as unknown,
      count(*) filter (where has & 8 > 0) as rejected, count(*) filter (where has & 32 > 0) as "undecidedUnknown",
      count(*) filter (where has & 64 > 0) as "openTasks"
    from stands`.execute(db)
  return rows[0] as SenderSummary
}

/** The query `standings`: what senders are to the domains for which they had mail in the period, and whether a task is open. */
function standingsOf(question: Question) {
  const { table, where } = factsOf(question, 'sender', 'domain')
  return sql`
    standings as (
      select sd.sender_id, sd.state, sd.decided, sd.task = 'open' as open
      from (select distinct f.sender_id, f.domain_id from ${table} f where ${where}) active join sender_domains sd using (sender_id, domain_id)
      where ${standingsWhere(question)})`
}

/** The same of all domains: one row for each state that a sender has, found by stepping from one to the next; else one for each domain. */
function standingsOfAll({ period: { from, to } }: Question) {
  const active = sql`sd.first_day < ${to}::date and sd.last_day >= ${from}::date`
  const next = (after: RawBuilder<unknown>) => sql`
    select sd.sender_id, sd.state, sd.decided from sender_domains sd where ${after} order by sd.sender_id, sd.state, sd.decided limit 1`
  return sql`
    few as materialized (select count(*) <= ${fewSenders} as few from (select from senders limit ${fewSenders + 1}) s),
    steps (sender_id, state, decided) as (
      (${next(sql`(select few from few)`)})
      union all
      select sd.* from steps s cross join lateral (${next(sql`(sd.sender_id, sd.state, sd.decided) > (s.sender_id, s.state, s.decided)`)}) sd),
    standings as (
      select s.sender_id, s.state, s.decided,
        exists (select from sender_domains sd where sd.sender_id = s.sender_id and (sd.task = 'open') and ${active}) as open
      from steps s
      where exists (
        select from sender_domains sd where (sd.sender_id, sd.state, sd.decided) = (s.sender_id, s.state, s.decided) and ${active})
      union all
      select sd.sender_id, sd.state, sd.decided, sd.task = 'open' from sender_domains sd where not (select few from few) and ${active})`
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
