import type { DaySum, DomainHistory, ReporterHistory, SenderHistory, ShownPolicy, TlsDay } from '@ruadar/alerts'
import { type Db, sql } from '@ruadar/platform'
import { knownSenderOf } from '@ruadar/senders'

/** Days before a domain's newest report that alerts are decided by; what is older is learnt and told no more. */
const historyDays = 120
/** Senders of a domain that alerts are decided by, the largest. */
const mostSenders = 5000

/** What the house knows beside the database. */
export interface Surroundings {
  /** UTC day of the clock. */
  today: string
  mailboxFails: boolean
  ruaPublished: boolean | null
}

export interface LoadedHistory extends DomainHistory {
  /** First and last day of what was loaded. */
  since: string
  lastDay: string
}

/** All that rules about a domain decide by; null for one without reports. */
export async function loadHistory(
  trx: Db,
  domainId: number,
  { today, mailboxFails, ruaPublished }: Surroundings,
): Promise<LoadedHistory | null> {
  const { rows } = await sql<{ domain: string; firstDay: string | null; lastDay: string | null; tlsDay: string | null }>`
    select d.name as domain, (select min(day) from daily_domains t where t.domain_id = d.id) as "firstDay",
      (select max(day) from daily_domains t where t.domain_id = d.id) as "lastDay", (select max(day) from daily_tls t where t.domain_id = d.id) as "tlsDay"
    from domains d where d.id = ${domainId}`.execute(trx)
  const [found] = rows
  const lastDay = [found?.lastDay ?? '', found?.tlsDay ?? ''].sort().at(-1)
  if (!found || !lastDay) return null
  const since = new Date(Date.parse(lastDay) - historyDays * 86_400_000).toISOString().slice(0, 10)
  return {
    domain: found.domain,
    firstDay: found.firstDay ?? lastDay,
    today,
    mailboxFails,
    ruaPublished,
    since,
    lastDay,
    days: await loadDays(trx, domainId, since),
    senders: await loadSenders(trx, domainId, since),
    reporters: await loadReporters(trx, domainId, since),
    policies: await loadPolicies(trx, domainId, since),
    tls: await loadTls(trx, domainId, since),
  }
}

const passing = sql`coalesce(sum(messages) filter (where dkim = 'pass' or spf = 'pass'), 0)::bigint`

async function loadDays(trx: Db, domainId: number, since: string): Promise<DaySum[]> {
  const { rows } = await sql<DaySum>`
    select day, sum(messages)::bigint as messages, ${passing} as pass
    from daily_domains where domain_id = ${domainId} and day >= ${since}::date
    group by day order by day`.execute(trx)
  return rows
}

async function loadSenders(trx: Db, domainId: number, since: string): Promise<SenderHistory[]> {
  const { rows } = await sql<Omit<SenderHistory, 'passesOn'> & { key: string }>`
    with
      summed as (
        select sender_id, day, sum(messages)::bigint as messages, ${passing} as pass
        from daily_senders where domain_id = ${domainId} and day >= ${since}::date
        group by sender_id, day
      ),
      listed as (
        select sender_id, jsonb_agg(jsonb_build_object('day', day, 'messages', messages, 'pass', pass) order by day) as days
        from summed group by sender_id order by sum(messages) desc, sender_id limit ${mostSenders}
      )
    select s.id, s.key, s.name, s.kind, s.sources, sd.state, sd.decided, sd.first_day as "firstDay", listed.days
    from listed
      join senders s on s.id = listed.sender_id
      join sender_domains sd on sd.sender_id = s.id and sd.domain_id = ${domainId}
    where sd.first_day is not null
    order by s.id`.execute(trx)
  return rows.map(({ key, ...sender }) => ({
    ...sender,
    passesOn: knownSenderOf(key)?.role !== undefined || passingKinds.has(sender.kind),
  }))
}

const passingKinds: ReadonlySet<string> = new Set(['forwarder', 'mailing_list', 'scanner'])

async function loadReporters(trx: Db, domainId: number, since: string): Promise<ReporterHistory[]> {
  const { rows } = await sql<{ reporter: string; days: string[] }>`
    select p.name as reporter, array_agg(distinct r.day::text order by r.day::text) as days
    from reports r join reporters p on p.id = r.reporter_id
    where r.domain_id = ${domainId} and r.day >= ${since}::date
    group by p.name order by p.name`.execute(trx)
  return rows
}

/** One policy for each reporter and day, that of its last report. `sp` that repeats `p`, and defaults, are left out. */
async function loadPolicies(trx: Db, domainId: number, since: string): Promise<ShownPolicy[]> {
  const { rows } = await sql<{ day: string; reporter: string; policy: Record<string, unknown> }>`
    select distinct on (r.day, p.name) r.day, p.name as reporter, r.policy
    from reports r join reporters p on p.id = r.reporter_id
    where r.domain_id = ${domainId} and r.day >= ${since}::date and r.state = 'counted'
    order by r.day, p.name, r.end_at desc, r.id desc`.execute(trx)
  return rows.map(({ day, reporter, policy }) => ({ day, reporter, policy: policyText(policy) }))
}

function policyText({ p, sp, adkim, aspf, pct, testing }: Record<string, unknown>): string {
  const tags = [
    ['p', p ?? 'none'],
    ['sp', sp === p ? null : sp],
    ['adkim', adkim === 'r' ? null : adkim],
    ['aspf', aspf === 'r' ? null : aspf],
    ['pct', pct === 100 ? null : pct],
    ['t', testing === 'y' ? 'y' : null],
  ]
  return tags
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${String(name)}=${String(value)}`)
    .join('; ')
}

async function loadTls(trx: Db, domainId: number, since: string): Promise<TlsDay[]> {
  const { rows } = await sql<TlsDay>`
    select t.day, sum(t.successful + t.failed)::bigint as sessions, sum(t.failed)::bigint as failed, (
        select f.result_type from daily_tls_failures f where f.domain_id = t.domain_id and f.day = t.day
        group by f.result_type order by sum(f.sessions) desc, f.result_type limit 1) as "resultType"
    from daily_tls t where t.domain_id = ${domainId} and t.day >= ${since}::date
    group by t.domain_id, t.day order by t.day`.execute(trx)
  return rows
}
