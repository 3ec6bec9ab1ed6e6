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
        const mails = await sweepOnce(database, queue, (ahead) =>
          log.warn({ mails: ahead }, 'the clock was set back: mails whose jobs may wait until it has caught up were queued anew'),
        )
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

/**
 * Mails that were queued at a time that is still to come get new jobs, since theirs may wait for such a time as well: for another try, or for
 * a process that is gone. `onAhead` is told how many.
 */
export async function sweepOnce(database: Database, queue: MailQueue, onAhead: (mails: number) => void = () => undefined): Promise<number> {
  let [total, ahead] = [0, 0]
  for (;;) {
    const { rows } = await sql<{ id: number; size: number; isAhead: boolean }>`
      select id, size, coalesce(queued_at > now(), false) as "isAhead" from mails
      where state = 'stored' and (queued_at is null or queued_at < now() - interval '2 minutes' or queued_at > now() + interval '1 minute')
      order by id limit ${atOnce}`.execute(database.db)
    const stuck = rows.filter(({ isAhead }) => isAhead)
    const waiting = rows.filter(({ isAhead }) => !isAhead)
    await queueMails(database.db, queue, waiting)
    await queueMails(database.db, queue, stuck, { anew: true })
    total += rows.length
    ahead += stuck.length
    if (rows.length < atOnce) break
  }
  if (ahead > 0) onAhead(ahead)
  return total
}
