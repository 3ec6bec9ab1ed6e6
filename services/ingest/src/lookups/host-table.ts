import { type Db, sql } from '@ruadar/platform'
import type { LookedUp } from './look-up.ts'

/** After how long an address is looked up again: found, not there, could not be asked (doubled with each attempt, up to the last). */
const dueAgain = { found: '30 days', missing: '7 days', failed: '5 minutes', failedAtMost: '1 day' }

/** How long an address that was handed to the queue counts as being looked up; after that it is due again. */
const inHand = '15 minutes'

/** Takes addresses that are due, oldest first, and marks them as in hand: no other process takes them meanwhile. */
export async function takeDue(db: Db, most: number): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    update source_hosts h set due_at = now() + ${inHand}::interval
    from (select source_ip from source_hosts where due_at <= now() order by due_at limit ${most} for update skip locked) due
    where h.source_ip = due.source_ip
    returning host(h.source_ip) as address`.execute(db)
  return rows.map(({ address }) => address)
}

/**
 * Writes what was found; what could not be asked stays as it was, and is tried again later and later.
 * Returns the addresses of which a fact is another than before.
 */
export async function saveLookedUp(db: Db, found: readonly LookedUp[]): Promise<string[]> {
  if (found.length === 0) return []
  const { rows } = await sql<{ address: string }>`
    with
      given as (
        select * from jsonb_to_recordset(${JSON.stringify(found.map(toRow))}::jsonb) as it (
          address inet, has_host boolean, ptr text, confirmed boolean, has_network boolean, asn bigint, network text, country text,
          origins jsonb, problem text)
      ),
      merged as (
        select
          h.source_ip, g.origins, g.problem, g.has_host or num_nonnulls(g.asn, g.network, g.country) > 0 as is_told,
          case when g.has_host then g.ptr else h.ptr end as ptr,
          case when g.has_host then g.confirmed else h.confirmed end as confirmed,
          case when g.has_network then g.asn else h.asn end as asn,
          case when g.has_network then g.network else h.network end as network,
          case when g.has_network then g.country else h.country end as country,
          case when g.has_host then '{}'::jsonb else jsonb_strip_nulls(jsonb_build_object('ptr', h.origins->'ptr')) end
            || case when g.has_network then '{}'::jsonb else h.origins - 'ptr' end
            || g.origins as all_origins,
          (h.ptr, h.confirmed, h.asn, h.network, h.country) as before
        from source_hosts h join given g on g.address = h.source_ip
        order by h.source_ip for update of h
      ),
      written as (
        update source_hosts h set
          ptr = m.ptr, confirmed = m.confirmed, asn = m.asn, network = m.network, country = m.country, origins = m.all_origins,
          problem = m.problem,
          looked_up_at = case when m.is_told then now() else h.looked_up_at end,
          attempts = case when m.problem is null then 0 else h.attempts + 1 end,
          due_at = now() + case
            when m.problem is not null then least(${dueAgain.failed}::interval * power(2, least(h.attempts, 20)), ${dueAgain.failedAtMost}::interval)
            when m.ptr is not null then ${dueAgain.found}::interval
            else ${dueAgain.missing}::interval end
        from merged m where h.source_ip = m.source_ip
        returning h.source_ip, (m.ptr, m.confirmed, m.asn, m.network, m.country) is distinct from m.before as is_changed
      )
    select host(source_ip) as address from written where is_changed order by source_ip`.execute(db)
  return rows.map(({ address }) => address)
}

function toRow({ address, host, network, origins, problem }: LookedUp) {
  return { address, has_host: host !== null, ...host, has_network: network !== null, ...network, origins, problem }
}
