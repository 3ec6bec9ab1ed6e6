import { type Database, type Db, sql } from '@ruadar/platform'
import { takeTurn } from '../senders/turn.ts'
import { evaluateDomain, evaluateHouse, type Evaluation, tellAlerts } from './evaluate.ts'

/** How long what still comes in may hold up an evaluation: ordinary mail, and the backfill of a mailbox. */
const patienceMinutes = 10
const backfillHours = 6
/** More waiting mails than this are a backfill. */
const manyMails = 500
/** Domains are looked at again for what the clock alone changes, reports that stop; and for TLS reports, which no pass follows. */
const clockMs = 6 * 3_600_000
const tlsMs = 3_600_000
const houseMs = 60_000

export interface AlertWatchOptions extends Omit<Evaluation, 'now'> {
  database: Database
  now?: () => Date
  /** How long no report may have come in: a stream of files is one event. In ms. */
  settleMs: number
  /** Whether addresses are being looked up at all: then names are waited for. */
  looksUp: boolean
}

/**
 * Raises alerts after senders were brought up to date: only when reports have stopped coming in for a moment, so that the order in
 * which they came decides nothing, and old mail is told in one message.
 */
export function createAlertWatch(options: AlertWatchOptions): (stop?: () => boolean) => Promise<void> {
  const { database, isRuaPublished, now = () => new Date() } = options
  const isTime = createTimers()
  return async (stop = () => false) => {
    const time = now()
    const evaluation = { now: time, isRuaPublished }
    if (isTime('clock', clockMs, time)) await markDomains(database.db, 'daily_domains', 60)
    if (isTime('tls', tlsMs, time)) await markDomains(database.db, 'daily_tls', 3)
    if (!(await isSettled(database.db, options))) return
    while (!stop() && (await takeTurn(database.db, (trx) => evaluateDomain(trx, evaluation)))) {
      // One domain, one transaction.
    }
    if (stop()) return
    if (isTime('house', houseMs, time)) await takeTurn(database.db, (trx) => evaluateHouse(trx, evaluation))
    await takeTurn(database.db, (trx) => tellAlerts(trx, evaluation))
  }
}

/** Says of each thing whether it is due again; at first everything is. */
function createTimers(): (what: string, everyMs: number, now: Date) => boolean {
  const doneAt = new Map<string, number>()
  return (what, everyMs, now) => {
    if (now.getTime() - (doneAt.get(what) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
    doneAt.set(what, now.getTime())
    return true
  }
}

/** Domains with reports of the last days. */
async function markDomains(db: Db, sums: 'daily_domains' | 'daily_tls', days: number): Promise<void> {
  await sql`
    insert into stale_domains (domain_id)
    select distinct domain_id from ${sql.table(sums)} where day >= current_date - ${days}::int order by 1
    on conflict do nothing`.execute(db)
}

/** Whether all that came in is judged. What takes too long is not waited for. */
async function isSettled(db: Db, { settleMs, looksUp }: Pick<AlertWatchOptions, 'settleMs' | 'looksUp'>): Promise<boolean> {
  const { rows } = await sql<{
    minutes: number
    unjudged: boolean
    coming: boolean
    waiting: number
    backfilling: boolean
    unnamed: boolean
  }>`
    select
      coalesce(extract(epoch from now() - (select min(since) from stale_domains)) / 60, 0)::float8 as minutes,
      exists (select 1 from stale_days) or exists (select 1 from stale_senders) or exists (select 1 from ways where sender_id is null) as unjudged,
      -- A report that is stored at a time still to come was so before the clock was set back.
      coalesce((select extract(epoch from now() - stored_at) between 0 and ${settleMs / 1000}::float8 from reports order by id desc limit 1), false) as coming,
      (select count(*)::int from (select 1 from mails where state = 'stored' limit ${manyMails + 1}) m) as waiting,
      exists (select 1 from mailboxes where enabled and status = 'backfilling') as backfilling,
      ${looksUp} and exists (select 1 from source_hosts where looked_up_at is null and attempts = 0) as unnamed`.execute(db)
  const [state] = rows
  if (!state || state.unjudged) return false
  const { minutes, coming, waiting, backfilling, unnamed } = state
  if (backfilling || waiting > manyMails) return minutes >= backfillHours * 60
  return minutes >= patienceMinutes || (!coming && waiting === 0 && !unnamed)
}
