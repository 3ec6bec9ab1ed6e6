import { type Db, sql } from '@ruadar/platform'

/** Reports, and rows of them, that one transaction looks through. */
const reportsAtOnce = 500
const rowsAtOnce = 200_000

interface Batch {
  ids: number[]
  isLast: boolean
}

/**
 * Takes note of reports that were stored, or changed whether they count, since the last time: what their overrides hint at
 * of ways, their days are to be summed up anew, their domains' alerts judged anew. Goes by the transaction that changed a report:
 * all before the oldest that still runs in this database are over, so none can be missed. False: nothing was left to note.
 */
export async function noteChanges(trx: Db): Promise<boolean> {
  const { ids, isLast } = await nextReports(trx)
  if (ids.length === 0) return false
  await sql`
    update ways w set hints = w.hints | said.hints
    from (
      select c.way_id, bit_or(${hints}) as hints
      from reports r join records c on c.report_id = r.id and c.day = r.day join record_notes n on n.id = c.note_id
      where r.id = any(${ids}::bigint[]) and n.overrides is not null
      group by 1 order by 1) said
    where w.id = said.way_id and w.hints | said.hints <> w.hints`.execute(trx)
  await sql`
    insert into stale_days (domain_id, day)
    select distinct domain_id, day from reports where id = any(${ids}::bigint[]) order by 1, 2
    on conflict do nothing`.execute(trx)
  await sql`
    insert into stale_domains (domain_id)
    select distinct domain_id from reports where id = any(${ids}::bigint[]) order by 1
    on conflict do nothing`.execute(trx)
  return !isLast
}

/** What a reporter's overrides say of the way: 1 mailing list, 2 forwarded, 4 an ARC chain was looked at and passed. */
const hints = sql`(
  (case when n.overrides @> '[{"type": "mailing_list"}]' then 1 else 0 end)
  | (case when n.overrides @> '[{"type": "forwarded"}]' or n.overrides @> '[{"type": "trusted_forwarder"}]' then 2 else 0 end)
  | (case when n.overrides::text ~* 'arc=pass' then 4 else 0 end))::smallint`

/**
 * The oldest transaction of this database that still runs, else the next one there will be. Not pg_snapshot_xmin: other databases of the
 * server may have transactions of hours. Read before the reports, in a statement of its own: what is older has ended by then. Transactions
 * that are younger than all that have ended (`behind` has wrapped around) are no news: they are beyond `next`.
 */
async function oldestRunning(trx: Db): Promise<string> {
  const { rows } = await sql<{ oldest: string }>`
    with
      latest as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next),
      running as (
        select (next - a.backend_xid::text::bigint) & 4294967295 as behind from latest, pg_stat_activity a
        where a.datname = current_database() and a.backend_xid is not null and a.pid <> pg_backend_pid()
      )
    select (next - coalesce((select max(behind) from running where behind < 2147483648), 0))::text as oldest from latest`.execute(trx)
  return rows[0]?.oldest ?? '0'
}

/** Moves the mark forward over the next reports, in the order of (changed_in, id). */
async function nextReports(trx: Db): Promise<Batch> {
  const oldest = await oldestRunning(trx)
  const { rows } = await sql<{ id: number; changedIn: string; records: number }>`
    select r.id, r.changed_in::text as "changedIn", r.records
    from sender_progress p, reports r
    where (r.changed_in, r.id) > (p.seen, p.seen_report) and r.changed_in < ${oldest}::xid8
    order by r.changed_in, r.id limit ${reportsAtOnce}`.execute(trx)
  let records = 0
  const batch = rows.filter((row, index) => {
    records += row.records
    return index === 0 || records <= rowsAtOnce
  })
  const last = batch.at(-1)
  if (!last) return { ids: [], isLast: true }
  await sql`update sender_progress set seen = ${last.changedIn}::xid8, seen_report = ${last.id}`.execute(trx)
  return { ids: batch.map(({ id }) => id), isLast: batch.length === rows.length && rows.length < reportsAtOnce }
}
