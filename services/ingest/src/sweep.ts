import { type Database, type Log, type MailQueue, sql } from '@ruadar/platform'
import { queueMails } from './intake.ts'

/** All mails that wait are gone through so often; in between only the first are looked at. */
const everyMs = 30_000
const lookMs = 5_000
const atOnce = 1000
/** Seconds after which a mail that waits belongs to a job, or to none. */
const settleSeconds = 5
/** Seconds after which a mail is queued again whatever jobs there are: a queue may lose some of them. */
const longestSeconds = 120

/**
 * Finds mails that were stored but never queued (the process died between the two, or the queue was away), and those whose job the queue
 * has lost: soon when it holds no job at all, as a Redis that was emptied or started again, else after two minutes.
 * A mail that waits in the queue all the time is added again, which costs a look at its state.
 */
export function startSweep({ database, queue, log }: { database: Database; queue: MailQueue; log: Log }): { close(): Promise<void> } {
  let running: Promise<void> | null = null
  let looks = 0
  const sweep = () => (looks++ % (everyMs / lookMs) === 0 ? sweepOnce(database, queue) : queueLost(database, queue))
  const run = () => {
    running ??= queueAhead(database, queue)
      .then((mails) => {
        if (mails > 0) log.warn({ mails }, 'the clock was set back: mails whose jobs may wait until it has caught up were queued anew')
        return sweep()
      })
      .then(
        (mails) => {
          if (mails > 0) log.info({ mails }, 'queued mails that were waiting without a job')
        },
        (error: unknown) => log.warn({ err: error }, 'the sweep will be tried again'),
      )
      .finally(() => {
        running = null
      })
  }
  run()
  const timer = setInterval(run, lookMs)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}

export const sweepOnce = (database: Database, queue: MailQueue): Promise<number> => queueWaiting(database, queue, longestSeconds)

/** The clock was set back. Jobs may wait for a time to come as well, for another try or for a process that is gone: there have to be new ones. */
async function queueAhead({ db }: Database, queue: MailQueue): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await sql<{ id: number; size: number }>`
      select id, size from mails where state = 'stored' and queued_at > now() + interval '1 minute' order by id limit ${atOnce}`.execute(db)
    await queueMails(db, queue, rows, { anew: true })
    total += rows.length
    if (rows.length < atOnce) return total
  }
}

/**
 * Queues what was never queued, among the first mails that wait; and all that waits when the queue has no job although the first mail was given
 * to it some seconds ago.
 */
export async function queueLost(database: Database, queue: MailQueue): Promise<number> {
  const first = await findFirst(database)
  if (first === null) return 0
  const never = await queueNeverQueued(database, queue)
  if (never > 0) return never
  const { waiting, active } = await queue.depth()
  // A job ends after its mails: one that was counted no more has left no mail behind.
  if (waiting + active > 0 || (await findFirst(database)) !== first) return 0
  return queueWaiting(database, queue, settleSeconds)
}

/** The first mail that waits, unless it came only just now. */
async function findFirst({ db }: Database): Promise<number | null> {
  const { rows } = await sql<{ id: number; settled: boolean }>`
    select id, coalesce(queued_at, stored_at) < now() - make_interval(secs => ${settleSeconds}) as settled
    from mails where state = 'stored' order by id limit 1`.execute(db)
  return rows[0]?.settled ? rows[0].id : null
}

async function queueNeverQueued({ db }: Database, queue: MailQueue): Promise<number> {
  const { rows } = await sql<{ id: number; size: number }>`
    select id, size from (select id, size, queued_at, stored_at from mails where state = 'stored' order by id limit ${atOnce}) first
    where queued_at is null and stored_at < now() - make_interval(secs => ${settleSeconds}) order by id`.execute(db)
  await queueMails(db, queue, rows)
  return rows.length
}

/** Queues what was never queued, or so many seconds before now. */
async function queueWaiting({ db }: Database, queue: MailQueue, seconds: number): Promise<number> {
  const { rows: now } = await sql<{ limit: string }>`select (now() - make_interval(secs => ${seconds}))::text as limit`.execute(db)
  const limit = now[0]?.limit ?? null
  let total = 0
  for (;;) {
    const { rows } = await sql<{ id: number; size: number }>`
      select id, size from mails
      where state = 'stored' and (queued_at is null or queued_at < ${limit}::timestamptz)
      order by id limit ${atOnce}`.execute(db)
    await queueMails(db, queue, rows)
    total += rows.length
    if (rows.length < atOnce) return total
  }
}
