import { type Database, type Log, type MailQueue, sql } from '@ruadar/platform'
import { queueMails } from './intake.ts'

const everyMs = 30_000
const atOnce = 1000

/**
 * Finds mails that were stored but never queued (the process died between the two, or the queue lost them) and queues them.
 * A mail that waits in the queue all the time is added again, which costs a look at its state.
 */
export function startSweep({ database, queue, log }: { database: Database; queue: MailQueue; log: Log }): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      try {
        const mails = await sweepOnce(database, queue)
        if (mails > 0) log.info({ mails }, 'queued mails that were waiting without a job')
      } catch (error) {
        log.warn({ err: error }, 'the sweep will be tried again')
      }
    })
  }
  run()
  const timer = setInterval(run, everyMs)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}

export async function sweepOnce(database: Database, queue: MailQueue): Promise<number> {
  let total = 0
  for (;;) {
    const { rows } = await sql<{ id: number; size: number }>`
      select id, size from mails
      where state = 'stored' and (queued_at is null or queued_at < now() - interval '2 minutes')
      order by id limit ${atOnce}`.execute(database.db)
    await queueMails(database.db, queue, rows)
    total += rows.length
    if (rows.length < atOnce) return total
  }
}
