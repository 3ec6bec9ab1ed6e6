import type { Database } from '../database.ts'
import { sha256 } from '../secrets.ts'
import { workerOptions } from './parts.ts'
import { openPostgresParts } from './postgres.ts'
import { openRedisParts } from './redis.ts'

/** The queue that carries ids of stored mails, never mail. The same on Redis and on PostgreSQL. */
export interface MailQueue {
  readonly backend: 'redis' | 'postgres'
  /**
   * Adds jobs, each a few mails that are read together. Adding the same job again while it waits changes nothing: its id is made of its
   * mails'. Rejects when the server is away.
   */
  add(jobs: readonly (readonly number[])[]): Promise<void>
  /** Starts to work through the queue. A handler that throws is asked again, later and later. */
  work(handler: (mailIds: readonly number[]) => Promise<void>, options: { concurrency: number; onError(error: Error): void }): Promise<Work>
  /** Jobs, not mails. */
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}

export interface Work {
  /** Takes no new mail, waits for those in hand. */
  close(): Promise<void>
}

/** BullMQ refuses ids that are whole numbers. */
const jobId = (mailIds: readonly number[]): string =>
  `mail-${mailIds.length === 1 ? mailIds[0] : sha256(mailIds.join(',')).toString('hex')}`

const jobOptions = {
  // The mail's state in the database is the truth; a finished job has nothing to tell.
  removeOnComplete: true,
  removeOnFail: true,
  // For a database or disk that is away for a while: about 1 s, 2 s, 4 s … in all 17 minutes. Then the sweep takes over.
  attempts: 11,
  backoff: { type: 'exponential', delay: 1000 },
} as const

/** Opens the queue in Redis when there is a REDIS_URL, else in the database. Throws an OperatorError when Redis is away. */
export async function openQueue(settings: { redisUrl: string | null }, database: Database): Promise<MailQueue> {
  const parts = settings.redisUrl ? await openRedisParts(settings.redisUrl) : await openPostgresParts(database)
  const { backend, queue, makeWorker, disconnect } = parts
  return {
    backend,
    async add(jobs) {
      if (jobs.length === 0) return
      await queue.addBulk(jobs.map((mailIds) => ({ name: 'read', data: { mailIds }, opts: { ...jobOptions, jobId: jobId(mailIds) } })))
    },
    async work(handler, { concurrency, onError }) {
      const worker = makeWorker((job) => handler(job.data.mailIds), { ...workerOptions, concurrency })
      worker.on('error', onError)
      await worker.waitUntilReady()
      return { close: () => worker.close() }
    },
    async depth() {
      const counts = await queue.getJobCounts('wait', 'delayed', 'active')
      return { waiting: (counts.wait ?? 0) + (counts.delayed ?? 0), active: counts.active ?? 0 }
    },
    async close() {
      await queue.close()
      await disconnect()
    },
  }
}
