import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, sql } from '@ruadar/platform'
import { isOfSpans, type Part, recordTables, sumTables } from './retention-plan.ts'
import { lockSenderPass } from './senders/turn.ts'
import { lockDeletion } from './store/deleted-days.ts'

/** A lock that is not to be had for so long is asked for again later: who asks after us waits no longer than this. */
const lockMs = 2000
const tries = 15
const pauseMs = 1000
const reportsAtOnce = 5000

/**
 * Empties parts of tables at once and notes it, so that nobody takes the rows for lost. Emptied, not detached: that locks the part alone and
 * no table as a whole, fits into the transaction that notes it, and can leave nothing half done. What readers of a part hold longer than two
 * seconds is tried again; a part that is busy all the time, or that the sums by sender still have to follow, is left for the next run.
 * Returns the rows of those that were emptied, and how many were left.
 */
export async function emptyParts(
  db: Db,
  kind: 'records' | 'sums',
  parts: readonly Part[],
  stop: () => boolean,
): Promise<{ rows: number; left: number }> {
  const done = { rows: 0, left: 0 }
  for (const part of parts) {
    let emptied: Emptied = 'busy'
    for (let attempt = 1; emptied === 'busy' && attempt <= tries && !stop(); attempt++) {
      if (attempt > 1) await sleep(pauseMs)
      emptied = await tryToEmpty(db, kind, part)
    }
    if (typeof emptied === 'number') done.rows += emptied
    else done.left++
  }
  return done
}

/** Rows; or why not: somebody holds it, or sums by sender have to follow first. */
type Emptied = number | 'busy' | 'followed'

async function tryToEmpty(db: Db, kind: 'records' | 'sums', part: Part): Promise<Emptied> {
  try {
    return await db.transaction().execute((trx) => emptyPart(trx, kind, part))
  } catch (error) {
    if (lockNotAvailable.has((error as { code?: string }).code ?? '')) return 'busy'
    throw error
  }
}

/** lock_not_available and deadlock_detected. */
const lockNotAvailable = new Set(['55P03', '40P01'])

async function emptyPart(trx: Db, kind: 'records' | 'sums', { name, from, to }: Part): Promise<Emptied> {
  await sql`select set_config('lock_timeout', ${String(lockMs)}, true)`.execute(trx)
  await lockDeletion(trx)
  await lockSenderPass(trx)
  const tables = kind === 'records' ? recordTables : [...recordTables, ...sumTables]
  const { rows: there } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relkind = 'r' and relname = any(${tables.map((table) => `${table}_${name}`)}::text[]) order by 1`.execute(trx)
  const names = sql.join(there.map((table) => sql.table(table.name)))
  if (there.length === 0) return 0
  await sql`lock table ${names} in access exclusive mode`.execute(trx)
  if (kind === 'records' && (await isFollowing(trx, from, to))) return 'followed'
  let rows = 0
  for (const table of there) {
    if (isOfSpans(table.name)) continue
    const { rows: counted } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table.name)}`.execute(trx)
    rows += counted[0]?.rows ?? 0
  }
  for (const noted of kind === 'records' ? ['records'] : ['records', 'sums'])
    await sql`
      insert into deleted_days as known (kind, from_day, to_day, rows) values (${noted}, ${from}::date, ${to}::date, ${rows})
      on conflict (kind, from_day) do update set rows = excluded.rows, deleted_at = now()`.execute(trx)
  await sql`truncate ${names}`.execute(trx)
  await sql`
    delete from spans where first_day >= ${from}::date and first_day < ${to}::date and (${kind === 'sums'} or domain_id <> 0)`.execute(trx)
  if (kind === 'sums') await forgetDays(trx, from, to)
  return rows
}

/** Whether sums by sender of these days wait for their records. */
async function isFollowing(trx: Db, from: string, to: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from stale_days where day >= ${from}::date and day < ${to}::date
    union all
    (select 1 from sender_progress p, reports r
      where (r.changed_in, r.id) > (p.seen, p.seen_report) and r.day >= ${from}::date and r.day < ${to}::date limit 1)
    union all
    (select 1 from ways where sender_id is null limit 1)
    limit 1`.execute(trx)
  return rows.length > 0
}

async function forgetDays(trx: Db, from: string, to: string): Promise<void> {
  for (const table of ['days_to_fold', 'folded_days', 'stale_days', 'span_changes'])
    await sql`delete from ${sql.table(table)} where day >= ${from}::date and day < ${to}::date`.execute(trx)
}

/** Deletes TLS reports of days before this one and their sums: they are few, and have no partitions. Returns how many reports. */
export async function deleteTls(db: Db, before: string): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    for (const table of ['daily_tls_failures', 'daily_tls'])
      await sql`delete from ${sql.table(table)} where day < ${before}::date`.execute(trx)
    const { rows } = await sql`delete from tls_reports where day < ${before}::date returning id`.execute(trx)
    return rows.length
  })
}

/** Deletes the reports of days whose sums are gone, step by step; also those that came in since. Returns how many. */
export async function deleteReportsWithoutSums(db: Db, stop: () => boolean): Promise<number> {
  let deleted = 0
  for (let step = reportsAtOnce; step === reportsAtOnce && !stop(); ) {
    const { rows } = await sql<{ reports: number }>`
      with
        old as (
          select r.id from deleted_days d join reports r on r.day >= d.from_day and r.day < d.to_day
          where d.kind = 'sums' and not exists (select from daily_domains s where s.day = r.day and s.domain_id = r.domain_id)
          limit ${reportsAtOnce}
        ),
        gone as (delete from reports r using old where r.id = old.id returning r.id)
      select count(*)::int as reports from gone`.execute(db)
    step = rows[0]?.reports ?? 0
    deleted += step
  }
  return deleted
}

const mailsAtOnce = 500

/** Takes the bytes from mails that were stored before a moment and have been read; everything else of them stays. Returns how many. */
export async function emptyMails(db: Db, before: Date, stop: () => boolean): Promise<number> {
  let emptied = 0
  for (let last = 0; !stop(); ) {
    const { rows } = await sql<{ id: number }>`
      update mails m set raw = null, raw_object = null
      from (
        select id from mails
        where id > ${last} and stored_at < ${before} and state <> 'stored' and (raw is not null or raw_object is not null)
        order by id limit ${mailsAtOnce} for update skip locked) old
      where m.id = old.id returning m.id`.execute(db)
    emptied += rows.length
    if (rows.length === 0) break
    last = Math.max(...rows.map(({ id }) => id))
  }
  return emptied
}
