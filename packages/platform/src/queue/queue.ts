import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Database } from '../database.ts'
import { sha256 } from '../secrets.ts'
import { type JobKind, type JobQueue, openJobQueue, type Work, type WorkOptions } from './job-queue.ts'

/** The queue that carries ids of stored mails, never mail. The same on Redis and on PostgreSQL. */
export interface MailQueue {
  readonly backend: 'redis' | 'postgres'
  /**
   * Adds jobs, each a few mails that are read together. Adding the same job again while it waits changes nothing: its id is made of its
   * mails', unless it is to be added `anew`. Rejects when the server is away.
   */
  add(jobs: readonly (readonly number[])[], options?: { anew?: boolean }): Promise<void>
  /** Starts to work through the queue. A handler that throws is asked again, later and later. */
  work(handler: (mailIds: readonly number[]) => Promise<void>, options: WorkOptions): Promise<Work>
  /** Jobs, not mails. */
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}

interface MailJob {
  mailIds: readonly number[]
  /** Sets it apart from an earlier job with the same mails. */
  anew?: string
}

const mailJobs: JobKind<MailJob> = {
  name: 'mails',
  jobId: ({ mailIds, anew }) =>
    `mail-${mailIds.length === 1 ? mailIds[0] : sha256(mailIds.join(',')).toString('hex')}${anew === undefined ? '' : `-${anew}`}`,
  // For a database or disk that is away for a while: in all 17 minutes. Then the sweep takes over.
  attempts: 11,
  connections: { queue: 2, worker: 2 + availableParallelism() },
}

/** Opens the queue in Redis when there is a REDIS_URL, else in the database. Throws an OperatorError when Redis is away. */
export async function openQueue(settings: { redisUrl: string | null }, database: Database): Promise<MailQueue> {
  const queue: JobQueue<MailJob> = await openJobQueue(mailJobs, settings, database)
  return {
    backend: queue.backend,
    add: (jobs, { anew = false } = {}) => {
      const apart = anew ? { anew: randomUUID() } : {}
      return queue.add(jobs.map((mailIds) => ({ mailIds, ...apart })))
    },
    work: (handler, options) => queue.work(({ mailIds }) => handler(mailIds), options),
    depth: () => queue.depth(),
    close: () => queue.close(),
  }
}
