import type { Notice } from '@ruadar/alerts'
import { type Db, sql } from '@ruadar/platform'

/** What a digest is made of; days are UTC, periods half open. Counts are messages unless they say otherwise. */
export interface DigestData {
  from: string
  to: string
  /** With the most messages first. */
  domains: DigestDomain[]
  /** How many domains have mail of the period. */
  domainCount: number
  messages: number
  pass: number
  /** Open alerts, newest first. */
  alerts: Notice[]
  alertCount: number
  /** Senders of these domains that nobody has decided on, and that are proposed as nothing. */
  unknownSenders: number
}

export interface DigestDomain {
  domain: string
  messages: number
  pass: number
  reporters: number
  before: { messages: number; pass: number }
  /** Senders with most failing messages, with the cause where one is known. */
  failing: { sender: string; failing: number; repairable: boolean; cause: { code: string; facts: object } | null }[]
  newSenders: string[]
  newSenderCount: number
  openTasks: number
  /** Reporters of the week before that reported on nothing in the last week. */
  silent: string[]
}

const mostDomains = 10
const mostFailing = 3
const mostNames = 5
const mostAlerts = 10
/** A reporter that reported on fewer days of a week than this may well be silent the next. */
const habitDays = 3

/** Reads the numbers of [from, to) for domains by name; null: all. The period before is as long, and ends where this begins. */
export async function loadDigest(
  db: Db,
  { from, to, domains }: { from: string; to: string; domains: readonly string[] | null },
): Promise<DigestData> {
  const chosen = domains === null ? sql`true` : sql`d.name = any(${domains}::text[])`
  const { rows } = await sql<DomainRow>`
    with sums as (
      select t.domain_id, t.day >= ${from}::date as now, t.reporter_id, sum(t.messages)::bigint as messages,
        coalesce(sum(t.messages) filter (where t.dkim = 'pass' or t.spf = 'pass'), 0)::bigint as pass
      from daily_totals t join domains d on d.id = t.domain_id
      where t.day >= ${from}::date - (${to}::date - ${from}::date) and t.day < ${to}::date and ${chosen}
      group by 1, 2, 3
    )
    select d.id, d.name as domain,
      coalesce(sum(s.messages) filter (where s.now), 0)::bigint as messages, coalesce(sum(s.pass) filter (where s.now), 0)::bigint as pass,
      count(distinct s.reporter_id) filter (where s.now) as reporters,
      coalesce(sum(s.messages) filter (where not s.now), 0)::bigint as "messagesBefore",
      coalesce(sum(s.pass) filter (where not s.now), 0)::bigint as "passBefore"
    from sums s join domains d on d.id = s.domain_id
    group by d.id order by messages desc, d.name`.execute(db)
  const parts: DigestDomain[] = []
  for (const row of rows.slice(0, mostDomains)) parts.push(await loadDomain(db, row, from, to))
  const alerts = await loadOpenAlerts(db, chosen, domains !== null)
  const { rows: unknown } = await sql<{ count: number }>`
    select count(*) as count from sender_domains sd join domains d on d.id = sd.domain_id
    where sd.state = 'unknown' and not sd.decided and sd.last_day >= ${from}::date and ${chosen}`.execute(db)
  return {
    from,
    to,
    domains: parts,
    domainCount: rows.length,
    messages: sumOf(rows, 'messages'),
    pass: sumOf(rows, 'pass'),
    ...alerts,
    unknownSenders: unknown[0]?.count ?? 0,
  }
}

interface DomainRow {
  id: number
  domain: string
  messages: number
  pass: number
  reporters: number
  messagesBefore: number
  passBefore: number
}

const sumOf = (rows: readonly DomainRow[], what: 'messages' | 'pass') => rows.reduce((sum, row) => sum + row[what], 0)

async function loadDomain(db: Db, row: DomainRow, from: string, to: string): Promise<DigestDomain> {
  const { id, domain, messages, pass, reporters, messagesBefore, passBefore } = row
  const { rows: failing } = await sql<{
    sender: string
    failing: number
    task: string | null
    code: string | null
    facts: { facts?: object } | null
  }>`
    select s.name as sender, f.failing, sd.task, sd.diagnosis as code, sd.diagnosis_facts as facts
    from (
      select sender_id, sum(messages)::bigint as failing from daily_senders
      where domain_id = ${id} and day >= ${from}::date and day < ${to}::date and dkim <> 'pass' and spf <> 'pass'
      group by 1 order by 2 desc, 1 limit ${mostFailing}
    ) f join senders s on s.id = f.sender_id left join sender_domains sd on sd.domain_id = ${id} and sd.sender_id = f.sender_id
    order by f.failing desc, s.name`.execute(db)
  const { rows: fresh } = await sql<{ name: string }>`
    select s.name from sender_domains sd join senders s on s.id = sd.sender_id
    where sd.domain_id = ${id} and sd.first_day >= ${from}::date and sd.first_day < ${to}::date and sd.state in ('own', 'approved', 'unknown')
    order by s.name`.execute(db)
  const { rows: tasks } = await sql<{ count: number }>`
    select count(*) as count from sender_domains where domain_id = ${id} and task = 'open'`.execute(db)
  const { rows: silent } = await sql<{ name: string }>`
    select n.name from daily_totals t join reporters n on n.id = t.reporter_id
    where t.domain_id = ${id} and t.day >= ${to}::date - 14 and t.day < ${to}::date
    group by n.name
    having count(distinct t.day) filter (where t.day < ${to}::date - 7) >= ${habitDays} and max(t.day) < ${to}::date - 7
    order by sum(t.messages) desc, n.name limit ${mostNames}`.execute(db)
  return {
    domain,
    messages,
    pass,
    reporters,
    before: { messages: messagesBefore, pass: passBefore },
    failing: failing.map(({ sender, failing: count, task, code, facts }) => ({
      sender,
      failing: count,
      repairable: task === 'open',
      cause: code === null ? null : { code, facts: facts?.facts ?? {} },
    })),
    newSenders: fresh.slice(0, mostNames).map(({ name }) => name),
    newSenderCount: fresh.length,
    openTasks: tasks[0]?.count ?? 0,
    silent: silent.map(({ name }) => name),
  }
}

/** Of the chosen domains and, unless only some were chosen, of none. */
async function loadOpenAlerts(
  db: Db,
  chosen: ReturnType<typeof sql>,
  someOnly: boolean,
): Promise<Pick<DigestData, 'alerts' | 'alertCount'>> {
  const { rows } = await sql<{
    rule: string
    alertId: number
    domain: string | null
    senderId: number | null
    day: string
    facts: object
    total: number
  }>`
    select a.rule, a.id as "alertId", d.name as domain, a.sender_id as "senderId", a.day, a.facts, count(*) over () as total
    from alerts a left join domains d on d.id = a.domain_id
    where a.state = 'open' and (${chosen} or (a.domain_id is null and not ${someOnly}::boolean))
    order by a.day desc, a.id desc limit ${mostAlerts}`.execute(db)
  return { alerts: rows.map(({ total: _total, ...alert }) => alert as unknown as Notice), alertCount: rows[0]?.total ?? 0 }
}
