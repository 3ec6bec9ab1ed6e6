import { type Db, sql } from '@ruadar/platform'
import { factsOf } from './filter.ts'
import { isAboutAll, type Question } from './question.ts'
import { waysOf } from './sums-by-way.ts'

/** Parts that the period is cut into for the small curve beside a sender. */
const trendParts = 12
const mostDomains = 5

/** What stands beside the senders of a list, by id of the sender: addresses, largest domains, messages of each part of the period. */
export interface More {
  sources: Map<number, number>
  domains: Map<number, string[]>
  trends: Map<number, number[]>
}

/** What only the senders of one page are asked for. */
export async function askMore(db: Db, question: Question, ids: readonly number[]): Promise<More> {
  if (ids.length === 0) return { sources: new Map(), domains: new Map(), trends: new Map() }
  const [sources, domains, trends] = await Promise.all([
    countSources(db, question, ids),
    largestDomains(db, question, ids),
    drawTrends(db, question, ids),
  ])
  return { sources, domains, trends }
}

/** Addresses in the period; of all domains together those of all time, which are counted already: the period's are in the records of all. */
async function countSources(db: Db, question: Question, ids: readonly number[]): Promise<Map<number, number>> {
  if (question.domain === undefined) {
    const { rows } = await sql<{ id: number; sources: number }>`select id, sources from senders where id = any(${ids}::int[])`.execute(db)
    return new Map(rows.map(({ id, sources }) => [id, sources]))
  }
  const { rows } = await sql<{ id: number; sources: number }>`
    select f.sender_id as id, count(distinct f.source_ip) filter (where f.source_ip <> '::') as sources
    from ${waysOf(question)} f where f.sender_id = any(${ids}::int[])
    group by f.sender_id`.execute(db)
  return new Map(rows.map(({ id, sources }) => [id, sources]))
}

/** With the most messages in the period; of all domains together, those with the most of late that have some in the period. */
async function largestDomains(db: Db, question: Question, ids: readonly number[]): Promise<Map<number, string[]>> {
  if (isAboutAll(question)) {
    const { from, to } = question.period
    const { rows } = await sql<{ id: number; domains: string[] }>`
      select asked.id, array(
        select d.name from sender_domains sd join domains d on d.id = sd.domain_id
        where sd.sender_id = asked.id and sd.first_day < ${to}::date and sd.last_day >= ${from}::date
        order by sd.messages desc, sd.domain_id limit ${mostDomains}) as domains
      from unnest(${ids}::int[]) as asked (id)`.execute(db)
    return new Map(rows.map(({ id, domains }) => [id, domains]))
  }
  const { table, where } = factsOf(question, 'sender', 'domain')
  const { rows } = await sql<{ id: number; domains: string[] }>`
    select id, (array_agg(name order by messages desc, name))[1:${sql.raw(String(mostDomains))}] as domains
    from (
      select f.sender_id as id, d.name, total(f.messages) as messages
      from ${table} f join domains d on d.id = f.domain_id
      where ${where} and f.sender_id = any(${ids}::int[])
      group by 1, 2
    ) named
    group by id`.execute(db)
  return new Map(rows.map(({ id, domains }) => [id, domains]))
}

async function drawTrends(db: Db, question: Question, ids: readonly number[]): Promise<Map<number, number[]>> {
  const { table, where } = factsOf(question, 'sender')
  const { from, to } = question.period
  const { rows } = await sql<{ id: number; part: number; messages: number }>`
    select f.sender_id as id, (f.day - ${from}::date) * ${trendParts}::int / (${to}::date - ${from}::date) as part, total(f.messages) as messages
    from ${table} f where ${where} and f.sender_id = any(${ids}::int[])
    group by 1, 2`.execute(db)
  const trends = new Map(ids.map((id) => [id, Array.from({ length: trendParts }, () => 0)]))
  for (const { id, part, messages } of rows) trends.get(id)?.splice(part, 1, messages)
  return trends
}
