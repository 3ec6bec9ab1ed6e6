import { type Db, sql } from '@ruadar/platform'
import type { DomainPolicy, ReportedWay, SenderKind, SenderState } from '@ruadar/senders'

/** Days before a domain's newest report that a judgement goes by, and those that a task does. */
const windowDays = 60
const taskDays = 120
/** Ways of a sender that are looked at, largest first: forged mail can have thousands, the first ones tell. */
const waysPerSender = 200
/** Addresses of a sender that are asked for their names: those of the largest tell nothing more. */
const mostAddresses = 500
/** Keys of a domain that are remembered to tell where mail was signed. */
const mostKeys = 2000

/** Only what these send is judged by how many domains it fails for (propose.ts); a service's days are many. */
const judgedByDomains = ['domain', 'network', 'address']

/** A way as reported, with what it takes to judge the sender. */
export interface PicturedWay extends ReportedWay {
  senderId: number
}

export interface PicturedSender {
  senderId: number
  key: string
  name: string
  kind: SenderKind
  state: SenderState | null
  decided: boolean
  firstDay: string | null
  lastDay: string | null
  sources: number
  namedSources: number
  hosts: string[]
  failingDomains: number
}

export interface DayOfReporter {
  senderId: number
  day: string
  reporter: string
  pass: number
  fail: number
}

/** A key that passing mail was aligned by, and how much each sender brought with it. */
export interface KeyUse {
  senderId: number
  domain: string
  selector: string
  messages: number
}

/** All that the judgement of some senders of one domain goes by. */
export interface Picture {
  domain: string
  policy: DomainPolicy
  senders: PicturedSender[]
  ways: PicturedWay[]
  days: DayOfReporter[]
  keys: KeyUse[]
}

export async function drawPicture(trx: Db, domainId: number, senderIds: readonly number[]): Promise<Picture | null> {
  const { rows: domains } = await sql<{ domain: string; policy: DomainPolicy | null; lastDay: string | null }>`
    select d.name as domain,
      (select r.policy from reports r where r.domain_id = d.id and r.state = 'counted' order by r.day desc, r.id desc limit 1) as policy,
      (select max(t.day) from daily_domains t where t.domain_id = d.id) as "lastDay"
    from domains d where d.id = ${domainId}`.execute(trx)
  const [found] = domains
  if (!found) return null
  const { domain, policy, lastDay } = found
  const about = { domainId, senderIds, lastDay: lastDay ?? '1970-01-01' }
  return {
    domain,
    policy: policy ?? {},
    senders: await picturedSenders(trx, about),
    ways: await picturedWays(trx, about),
    days: await picturedDays(trx, about),
    keys: await picturedKeys(trx, about),
  }
}

interface About {
  domainId: number
  senderIds: readonly number[]
  lastDay: string
}

async function picturedSenders(trx: Db, { domainId, senderIds }: About): Promise<PicturedSender[]> {
  const { rows } = await sql<PicturedSender>`
    select
      s.id as "senderId", s.key, s.name, s.kind, sd.state, coalesce(sd.decided, false) as decided, days."firstDay", days."lastDay",
      hosts.sources, hosts."namedSources", hosts.hosts, failing."failingDomains"
    from senders s
      left join sender_domains sd on sd.sender_id = s.id and sd.domain_id = ${domainId}
      cross join lateral (
        select min(d.day) as "firstDay", max(d.day) as "lastDay" from daily_senders d where d.sender_id = s.id and d.domain_id = ${domainId}
      ) days
      cross join lateral (
        select count(*)::int as sources, (count(*) filter (where h.confirmed))::int as "namedSources",
          coalesce((array_agg(h.ptr order by h.ptr) filter (where h.confirmed))[1:20], '{}') as hosts
        from (select distinct first.source_ip from (select w.source_ip from ways w where w.sender_id = s.id limit ${mostAddresses}) first) w
          left join source_hosts h on h.source_ip = w.source_ip
      ) hosts
      cross join lateral (
        select count(*)::int as "failingDomains" from (
          select 1 from daily_senders d where d.sender_id = s.id and s.kind = any(${judgedByDomains}::text[])
          group by d.domain_id having not bool_or(d.dkim = 'pass' or d.spf = 'pass')
        ) f
      ) failing
    where s.id = any(${senderIds}::int[])`.execute(trx)
  return rows
}

async function picturedWays(trx: Db, { domainId, senderIds, lastDay }: About): Promise<PicturedWay[]> {
  const { rows } = await sql<Omit<PicturedWay, 'verdicts'> & { dkimVerdict: 'pass'; spfVerdict: 'pass' }>`
    with
      found as (
        select
          w.sender_id, w.author_domain_id, w.auth_set_id, f.dkim, f.spf, sum(f.messages)::bigint as messages, bit_or(w.hints) as hints,
          (array_agg(distinct f.reporter_id))[1:50] as reporters, (array_agg(distinct host(w.source_ip)))[1:50] as sources,
          row_number() over (partition by w.sender_id order by sum(f.messages) desc, w.auth_set_id, w.author_domain_id, f.dkim, f.spf) as place
        from counted_records f join ways w on w.id = f.way_id
        where f.domain_id = ${domainId} and f.day > ${lastDay}::date - ${windowDays}::int and w.sender_id = any(${senderIds}::int[])
        group by 1, 2, 3, 4, 5
      )
    select
      f.sender_id as "senderId", a.name as "headerFrom", s.envelope_from as "envelopeFrom", s.dkim, s.spf, f.dkim as "dkimVerdict",
      f.spf as "spfVerdict", f.messages, f.hints, array_remove(f.sources, '::') as sources,
      (select array_agg(r.name order by r.name) from reporters r where r.id = any(f.reporters)) as reporters
    from found f
      join author_domains a on a.id = f.author_domain_id
      join auth_sets s on s.id = f.auth_set_id
    where f.place <= ${waysPerSender}`.execute(trx)
  return rows.map(({ dkimVerdict, spfVerdict, ...way }) => ({ ...way, verdicts: { dkim: dkimVerdict, spf: spfVerdict } }))
}

async function picturedDays(trx: Db, { domainId, senderIds, lastDay }: About): Promise<DayOfReporter[]> {
  const { rows } = await sql<DayOfReporter>`
    select d.sender_id as "senderId", d.day, r.name as reporter,
      coalesce(sum(d.messages) filter (where d.dkim = 'pass' or d.spf = 'pass'), 0)::bigint as pass,
      coalesce(sum(d.messages) filter (where d.dkim <> 'pass' and d.spf <> 'pass'), 0)::bigint as fail
    from daily_senders d join reporters r on r.id = d.reporter_id
    where d.domain_id = ${domainId} and d.sender_id = any(${senderIds}::int[]) and d.day > ${lastDay}::date - ${taskDays}::int
    group by 1, 2, 3`.execute(trx)
  return rows
}

/** Passing aligned keys where SPF did not align, or did: who brought how much. Of all senders of the domain, to compare with. */
async function picturedKeys(trx: Db, { domainId, lastDay }: About): Promise<KeyUse[]> {
  const { rows } = await sql<KeyUse>`
    select k.sender_id as "senderId", lower(signature->>'domain') as domain, lower(signature->>'selector') as selector,
      sum(k.messages)::bigint as messages
    from (
      select w.sender_id, w.auth_set_id, sum(f.messages) as messages
      from counted_records f join ways w on w.id = f.way_id
      where f.domain_id = ${domainId} and f.day > ${lastDay}::date - ${windowDays}::int and f.dkim = 'pass' and w.sender_id is not null
      group by 1, 2 order by 3 desc limit ${mostKeys}
    ) k
      join auth_sets s on s.id = k.auth_set_id
      cross join lateral jsonb_array_elements(s.dkim) as signature
    where signature->>'result' = 'pass'
    group by 1, 2, 3`.execute(trx)
  return rows
}
