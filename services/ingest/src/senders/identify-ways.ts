import { type Db, sql } from '@ruadar/platform'
import type { HostFacts, Identity, Way } from '@ruadar/senders'
import type { Naming } from './naming.ts'
import { inheritStanding } from './inherit.ts'

/** Ways that one transaction identifies. */
const waysAtOnce = 2000

interface WayRow {
  id: number
  sourceIp: string
  senderId: number | null
  headerFrom: string
  envelopeFrom: string | null
  dkim: Way['dkim']
  spf: Way['spf']
  host: HostFacts | null
}

/**
 * Gives ways that are new, or were identified with another catalogue, other rules or before a look-up, to their senders. A way
 * that changes its sender makes its days stale; new addresses are put on the list of look-ups. False: all are identified.
 */
export async function identifyWays(trx: Db, naming: Naming): Promise<boolean> {
  const rows = await waysToIdentify(trx, naming.version)
  if (rows.length === 0) return false
  const named = rows.map((row) => ({ row, identity: naming.identify(toWay(row)) }))
  const ids = await senderIds(
    trx,
    named.map(({ identity }) => identity),
  )
  const settled = named.map(({ row, identity }) => ({ row, identity, senderId: ids.get(identity.key) ?? 0 }))
  const moved = settled.filter(({ row, senderId }) => row.senderId !== null && row.senderId !== senderId)
  await sql`
    update ways w set sender_id = given.sender_id, proof = given.proof, identified_with = ${naming.version}
    from unnest(
      ${rows.map(({ id }) => id)}::bigint[], ${settled.map(({ senderId }) => senderId)}::int[],
      ${settled.map(({ identity }) => proofOf(identity))}::text[]
    ) as given (id, sender_id, proof)
    where w.id = given.id`.execute(trx)
  await countSources(trx, [...settled.map(({ senderId }) => senderId), ...moved.map(({ row }) => row.senderId ?? 0)])
  await sql`
    insert into source_hosts (source_ip)
    select distinct ip from unnest(${rows.map(({ sourceIp }) => sourceIp)}::inet[]) as ip where ip <> '::' order by 1
    on conflict do nothing`.execute(trx)
  if (moved.length > 0) {
    await markDays(
      trx,
      moved.map(({ row }) => row),
    )
    await inheritStanding(
      trx,
      moved.map(({ row, senderId }) => ({ from: row.senderId ?? 0, to: senderId })),
    )
  }
  return true
}

async function countSources(trx: Db, senderIds: readonly number[]): Promise<void> {
  await sql`
    update senders s set sources = counted.sources
    from unnest(${[...new Set(senderIds)]}::int[]) as given (id)
      cross join lateral (select count(distinct w.source_ip)::int as sources from ways w where w.sender_id = given.id and w.source_ip <> '::') counted
    where s.id = given.id and s.sources <> counted.sources`.execute(trx)
}

/** Facts of these addresses have changed: who uses them is asked anew. */
export async function identifyAnew(trx: Db, addresses: readonly string[]): Promise<void> {
  await sql`update ways set identified_with = '' where source_ip = any(${addresses}::inet[])`.execute(trx)
}

async function waysToIdentify(trx: Db, version: string): Promise<WayRow[]> {
  const { rows } = await sql<WayRow>`
    with due as (
      (select * from ways where identified_with < ${version} limit ${waysAtOnce})
      union all
      (select * from ways where identified_with > ${version} limit ${waysAtOnce})
      limit ${waysAtOnce})
    select
      w.id, host(w.source_ip) as "sourceIp", w.sender_id as "senderId",
      a.name as "headerFrom", s.envelope_from as "envelopeFrom", s.dkim, s.spf,
      case when h.looked_up_at is null then null else jsonb_build_object(
        'ptr', h.ptr, 'confirmed', h.confirmed, 'asn', h.asn, 'network', h.network, 'country', h.country) end as host
    from due w
      join author_domains a on a.id = w.author_domain_id
      join auth_sets s on s.id = w.auth_set_id
      left join source_hosts h on h.source_ip = w.source_ip`.execute(trx)
  return rows
}

function toWay({ sourceIp, headerFrom, envelopeFrom, dkim, spf, host }: WayRow): Way {
  return { sourceIp: sourceIp === '::' ? null : sourceIp, headerFrom, envelopeFrom, dkim, spf, host }
}

/** Ids by key. A sender whose name in the catalogue has changed takes the new one. */
async function senderIds(trx: Db, identities: readonly Identity[]): Promise<Map<string, number>> {
  const distinct = [...new Map(identities.map((identity) => [identity.key, identity])).values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  const { rows } = await sql<{ key: string; id: number }>`
    with
      given as (
        select * from unnest(${distinct.map(({ key }) => key)}::text[], ${distinct.map(({ name }) => name)}::text[],
                             ${distinct.map(({ kind }) => kind)}::text[]) as given (key, name, kind)
      ),
      written as (
        insert into senders as s (key, name, kind) select key, name, kind from given
        on conflict (key) do update set name = excluded.name, kind = excluded.kind where (s.name, s.kind) <> (excluded.name, excluded.kind)
        returning key, id
      )
    select key, id from written
    union select s.key, s.id from senders s join given on given.key = s.key`.execute(trx)
  return new Map(rows.map(({ key, id }) => [key, id]))
}

const longestProof = 300

function proofOf({ evidence, key }: Identity): string {
  const [strongest] = evidence
  return (strongest ? `${strongest.by}:${strongest.value}` : key).slice(0, longestProof)
}

/** Sums of every day on which these ways were seen are to be made anew, those of several days too. */
async function markDays(trx: Db, ways: readonly WayRow[]): Promise<void> {
  await sql`
    with
      days as materialized (
        select distinct c.domain_id, c.day from records c where c.way_id = any(${ways.map(({ id }) => id)}::bigint[])
      ),
      spans as (insert into span_changes (domain_id, day) select domain_id, day from days)
    insert into stale_days (domain_id, day) select domain_id, day from days order by 1, 2
    on conflict do nothing`.execute(trx)
  await sql`
    insert into stale_domains (domain_id)
    select distinct domain_id from sender_domains where sender_id = any(${ways.map(({ senderId }) => senderId)}::int[]) order by 1
    on conflict do nothing`.execute(trx)
}
