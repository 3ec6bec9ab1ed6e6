import { type Db, sql } from '@ruadar/platform'
import { lockNames } from '../store/dictionary-version.ts'
import type { Forgotten } from './forgotten.ts'

const namesAtOnce = 1000
const lockMs = 5000

type Kind = 'way' | 'note' | 'author_domain' | 'auth_set' | 'sender' | 'source'

/** In the order in which one leaves the next without use. */
export const kinds: readonly Kind[] = ['way', 'note', 'author_domain', 'auth_set', 'source', 'sender']

/** Of one kind: which rows a name is, and what may refer to it. */
const unused: Record<Kind, ReturnType<typeof sql>> = {
  way: sql`
    delete from ways n using looked where n.id = looked.id::bigint and not exists (select from records r where r.way_id = n.id)
    returning n.author_domain_id, n.auth_set_id, n.source_ip, n.sender_id`,
  note: sql`delete from record_notes n using looked where n.id = looked.id::int and not exists (select from records r where r.note_id = n.id)`,
  author_domain: sql`
    delete from author_domains n using looked where n.id = looked.id::int and not exists (select from ways w where w.author_domain_id = n.id)`,
  auth_set: sql`delete from auth_sets n using looked where n.id = looked.id::bigint and not exists (select from ways w where w.auth_set_id = n.id)`,
  source: sql`
    delete from source_hosts n using looked
    where n.source_ip = looked.id::inet and not exists (select from ways w where w.source_ip = n.source_ip)
      and not exists (select from failure_reports f where f.source_ip = n.source_ip)`,
  sender: sql`
    delete from senders n using looked
    where n.id = looked.id::int and not exists (select from ways w where w.sender_id = n.id)
      and not exists (select from daily_senders s where s.sender_id = n.id) and not exists (select from daily_senders_all s where s.sender_id = n.id)
      and not exists (select from daily_senders_summed s where s.sender_id = n.id)
      and not exists (select from sender_domains s where s.sender_id = n.id) and not exists (select from decisions s where s.sender_id = n.id)
      and not exists (select from alerts s where s.sender_id = n.id) and not exists (select from mutes s where s.sender_id = n.id)`,
}

/** Deletes names of a kind that nothing refers to any more. False: none was left to look at. */
export async function dropUnused(trx: Db, kind: Kind): Promise<boolean> {
  await sql`select set_config('lock_timeout', ${String(lockMs)}, true)`.execute(trx)
  await lockNames(trx)
  const { rows } = await sql<{ id: string }>`select id from unused_names where kind = ${kind} limit ${namesAtOnce}`.execute(trx)
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return false
  const looked = sql`looked as (select unnest(${ids}::text[]) as id)`
  if (kind === 'way')
    await sql`
      with ${looked}, gone as (${unused.way})
      insert into unused_names (kind, id)
      select distinct v.kind, v.id
      from gone cross join lateral (values ('author_domain', author_domain_id::text), ('auth_set', auth_set_id::text), ('sender', sender_id::text),
        ('source', host(source_ip))) as v (kind, id)
      where v.id is not null
      on conflict do nothing`.execute(trx)
  else await sql`with ${looked} ${unused[kind]}`.execute(trx)
  if (kind === 'sender')
    await sql`
      update senders s set sources = (select count(distinct w.source_ip) from ways w where w.sender_id = s.id and w.source_ip <> '::')
      where s.id = any(${ids}::int[])`.execute(trx)
  await sql`delete from unused_names where kind = ${kind} and id = any(${ids}::text[])`.execute(trx)
  return true
}

/** Deletes the domain's own name. False: reports about it have come in meanwhile. */
export async function dropDomain(trx: Db, { id }: Forgotten): Promise<boolean> {
  await sql`select set_config('lock_timeout', ${String(lockMs)}, true)`.execute(trx)
  await lockNames(trx)
  const { rows } = await sql`
    delete from domains d
    where id = ${id} and not exists (select from reports r where r.domain_id = d.id)
      and not exists (select from failure_reports r where r.domain_id = d.id) and not exists (select from tls_reports r where r.domain_id = d.id)
      and not exists (select from tls_policies r where r.domain_id = d.id)
    returning id`.execute(trx)
  return rows.length > 0
}
