import type { Attention, SenderSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { factsOf, type Question } from './filter.ts'
import { isAboutAll, standingsWhere } from './senders.ts'

/**
 * How many senders with mail in the period stand where. A sender of several domains counts for each state that it has. Of all domains
 * together those count whose first and last day lie about the period: asking for every day took seconds where there are thousands.
 */
export async function summariseSenders(db: Db, question: Question): Promise<SenderSummary> {
  const count = (condition: ReturnType<typeof sql>) => sql`count(distinct sd.sender_id) filter (where ${condition})`
  const { rows } = await sql<SenderSummary>`
    with active as (${activeSenders(question)})
    select ${count(sql`sd.state = 'own'`)} as own, ${count(sql`sd.state = 'approved'`)} as approved,
      ${count(sql`sd.state = 'forwarder'`)} as forwarder, ${count(sql`sd.state = 'unknown'`)} as unknown,
      ${count(sql`sd.state = 'rejected'`)} as rejected, ${count(sql`sd.state = 'unknown' and not sd.decided`)} as "undecidedUnknown",
      ${count(sql`sd.task = 'open'`)} as "openTasks"
    from active join sender_domains sd on sd.sender_id = active.sender_id and sd.domain_id = active.domain_id
    where ${standingsWhere(question)}`.execute(db)
  return rows[0] as SenderSummary
}

/** A query: `sender_id, domain_id` of senders with mail in the period. */
function activeSenders(question: Question) {
  const { from, to } = question.period
  if (isAboutAll(question)) {
    return sql`select sender_id, domain_id from sender_domains where first_day < ${to}::date and last_day >= ${from}::date`
  }
  const { table, where } = factsOf(question, 'sender', 'domain')
  return sql`select distinct f.sender_id, f.domain_id from ${table} f where ${where}`
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
