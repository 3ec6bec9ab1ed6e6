import { type Db, sql } from '@ruadar/platform'

/** No count goes further: at so many the answer is "too many", and the question stays cheap. */
export const countedAtMost = 10_000
/** A question about the state of things must not become a burden itself. */
const patienceMs = 2000

/** How far all that runs in the background is. Counts end at `countedAtMost`. */
export interface Operation {
  mails: { waiting: number; quarantined: number; oldestSeconds: number }
  mailboxes: {
    id: number
    name: string
    isFailing: boolean
    message: string | null
    /** Mails still to be fetched, as far as that is known. */
    remaining: number
    /** UTC epoch seconds; null: never yet. */
    syncedAt: number | null
  }[]
  pass: { reports: number; ways: number; days: number; senders: number; domains: number; folds: number; oldestSeconds: number }
  lookups: { due: number; failing: number; problem: string | null }
  alerts: { rule: string; open: number }[]
  channels: { id: number; name: string; kind: string; isFailing: boolean; message: string | null }[]
  deliveriesWaiting: number
}

/** Reads it in one transaction with a time limit, by indexes and with limits only. Rejects when the database is away or too slow. */
export async function readOperation(db: Db): Promise<Operation> {
  return db.transaction().execute(async (trx) => {
    await sql`set local transaction read only`.execute(trx)
    await sql`select set_config('statement_timeout', ${String(patienceMs)}, true)`.execute(trx)
    const lookups = await readLookups(trx)
    return {
      mails: await readMails(trx),
      mailboxes: await readMailboxes(trx),
      pass: await readPass(trx),
      lookups,
      alerts: await readAlerts(trx),
      channels: await readChannels(trx),
      deliveriesWaiting: await count(trx, sql`deliveries where state = 'waiting' and what <> 'test'`),
    }
  })
}

async function count(trx: Db, rows: ReturnType<typeof sql>): Promise<number> {
  const answer = await sql<{ count: number }>`select count(*) as count from (select from ${rows} limit ${countedAtMost}) few`.execute(trx)
  return answer.rows[0]?.count ?? 0
}

async function readMails(trx: Db): Promise<Operation['mails']> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from now() - stored_at)::float8 as seconds from mails where state = 'stored' order by id limit 1`.execute(trx)
  return {
    waiting: await count(trx, sql`mails where state = 'stored'`),
    quarantined: await count(trx, sql`mails where state = 'quarantined'`),
    oldestSeconds: rows[0]?.seconds ?? 0,
  }
}

async function readMailboxes(trx: Db): Promise<Operation['mailboxes']> {
  const { rows } = await sql<Operation['mailboxes'][number]>`
    select m.id, coalesce(m.definition->>'name', m.id::text) as name, m.status = 'failing' as "isFailing", m.status_message as message,
      coalesce(sum(f.remaining), 0)::bigint as remaining, extract(epoch from min(f.synced_at))::float8 as "syncedAt"
    from mailboxes m left join mailbox_folders f on f.mailbox_id = m.id
    where m.enabled group by m.id order by m.id`.execute(trx)
  return rows
}

/** Reports that the pass has not seen, and what it has noted down and not done. */
async function readPass(trx: Db): Promise<Operation['pass']> {
  const { rows } = await sql<{ reports: number; seconds: number }>`
    select count(*) as reports, coalesce(extract(epoch from now() - min(stored_at)), 0)::float8 as seconds from (
      select r.stored_at from sender_progress p, reports r where (r.changed_in, r.id) > (p.seen, p.seen_report)
      order by r.changed_in, r.id limit ${countedAtMost}) unseen`.execute(trx)
  return {
    reports: rows[0]?.reports ?? 0,
    oldestSeconds: rows[0]?.seconds ?? 0,
    ways: await count(trx, sql`ways where sender_id is null`),
    days: await count(trx, sql`stale_days`),
    senders: await count(trx, sql`stale_senders`),
    domains: await count(trx, sql`stale_domains`),
    folds: await count(trx, sql`(select distinct day from days_to_fold) unfolded`),
  }
}

/** Addresses that could not be looked up are due again within a day; those in between were found. */
async function readLookups(trx: Db): Promise<Operation['lookups']> {
  const { rows } = await sql<{ due: number; failing: number; problem: string | null }>`
    select count(*) filter (where due_at <= now()) as due, count(*) filter (where attempts > 0) as failing,
      max(problem) filter (where attempts > 0) as problem
    from (
      select due_at, attempts, problem from source_hosts where due_at <= now() + interval '1 day' order by due_at limit ${countedAtMost}) soon`.execute(
    trx,
  )
  return rows[0] ?? { due: 0, failing: 0, problem: null }
}

async function readAlerts(trx: Db): Promise<Operation['alerts']> {
  const { rows } = await sql<Operation['alerts'][number]>`
    select rule, count(*) as open from (select rule from alerts where state = 'open' limit ${countedAtMost}) few
    group by rule order by rule`.execute(trx)
  return rows
}

async function readChannels(trx: Db): Promise<Operation['channels']> {
  const { rows } = await sql<Operation['channels'][number]>`
    select id, name, kind, failing_since is not null as "isFailing", last_failure as message from channels where enabled order by id`.execute(
    trx,
  )
  return rows
}
