import { availableParallelism } from 'node:os'
import { Queue, Worker, type PgPool } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { connectionOptions, type Database } from './database.ts'
import { OperatorError } from './operator-error.ts'
import { migrateQueue, postgresBackend } from './queue-postgres.ts'

/** The queue that carries ids of stored mails, never mail. The same on Redis and on PostgreSQL. */
export interface MailQueue {
  readonly backend: 'redis' | 'postgres'
  /** Adding an id that waits already changes nothing: the job's id is the mail's. */
  add(mailIds: readonly number[]): Promise<void>
  /** Starts to work through the queue. A handler that throws is asked again, later and later. */
  work(handler: (mailId: number) => Promise<void>, options: { concurrency: number; onError(error: Error): void }): Promise<Work>
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}

export interface Work {
  /** Takes no new mail, waits for those in hand. */
  close(): Promise<void>
}

const queueName = 'mails'
/** BullMQ refuses ids that are whole numbers. */
const jobId = (mailId: number): string => `mail-${mailId}`

const jobOptions = {
  // The mail's state in the database is the truth; a finished job has nothing to tell.
  removeOnComplete: true,
  removeOnFail: true,
  // For a database or disk that is away for a while: about 1 s, 2 s, 4 s … in all 17 minutes. Then the sweep takes over.
  attempts: 11,
  backoff: { type: 'exponential', delay: 1000 },
} as const

// A job whose process died is taken up by another after a lock's life, at the latest. Such deaths are counted at the mail
// (mails.starts), not here.
const workerOptions = { lockDuration: 15_000, stalledInterval: 5_000, maxStalledCount: 1000, drainDelay: 5 } as const

export async function openQueue(settings: { redisUrl: string | null }, database: Database): Promise<MailQueue> {
  return settings.redisUrl ? openRedisQueue(settings.redisUrl) : openPostgresQueue(database)
}

async function openRedisQueue(url: string): Promise<MailQueue> {
  await assertRedis(url)
  const connect = () => {
    const redis = new Redis(url, { maxRetriesPerRequest: null })
    redis.on('error', () => undefined) // it reconnects by itself; /readyz and the log of the worker tell
    return redis
  }
  const connection = connect()
  const queue = new Queue(queueName, { connection, prefix: 'ruadar' })
  queue.on('error', () => undefined)
  return fromParts(
    'redis',
    queue,
    (process, options) => new Worker(queueName, process, { ...options, connection, prefix: 'ruadar' }),
    () => {
      connection.disconnect()
      return Promise.resolve()
    },
  )
}

async function assertRedis(url: string): Promise<void> {
  const probe = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: 5000 })
  // What connect() rejects with is "Connection is closed."; the reason is in the event before.
  let reason: Error | undefined
  probe.on('error', (error: Error) => {
    reason ??= error
  })
  try {
    await probe.connect()
    await probe.ping()
  } catch (error) {
    const { message } = reason ?? (error as Error)
    throw new OperatorError(
      `Redis at ${new URL(url).host} cannot be used: ${message.replace(/\.$/, '')}.`,
      'Start it, correct REDIS_URL, or leave REDIS_URL empty to keep the queue in PostgreSQL.',
      { cause: error },
    )
  } finally {
    probe.disconnect()
  }
}

async function openPostgresQueue(database: Database): Promise<MailQueue> {
  await migrateQueue(database.pool)
  const pools: pg.Pool[] = []
  const connect = (max: number) => {
    const options = connectionOptions(database.url, 'queue')
    // What a power cut takes from the queue the sweep puts back, so its commits need not wait for the disk.
    const queueOptions = `${options.options} -c search_path=bullmq -c synchronous_commit=off`
    const pool = new pg.Pool({ ...options, options: queueOptions, max })
    pool.on('error', () => undefined)
    pools.push(pool)
    return pool as unknown as PgPool // BullMQ's own description of a pg.Pool has an index signature
  }
  const { Queue: PostgresQueue, Worker: PostgresWorker } = postgresBackend
  const queue = new PostgresQueue(queueName, { connection: connect(2) })
  queue.on('error', () => undefined)
  // One connection LISTENs, the others fetch and finish jobs.
  const workerConnections = 2 + availableParallelism()
  return fromParts(
    'postgres',
    queue,
    (process, options) => new PostgresWorker(queueName, process, { ...options, connection: connect(workerConnections) }),
    async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  )
}

type AnyQueue = Pick<Queue, 'addBulk' | 'getJobCounts' | 'close'>
interface AnyWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}
type Process = (job: { data: { mailId: number } }) => Promise<void>

function fromParts(
  backend: MailQueue['backend'],
  queue: AnyQueue,
  makeWorker: (process: Process, options: typeof workerOptions & { concurrency: number }) => AnyWorker,
  disconnect: () => Promise<void>,
): MailQueue {
  return {
    backend,
    async add(mailIds) {
      if (mailIds.length === 0) return
      await queue.addBulk(mailIds.map((mailId) => ({ name: 'read', data: { mailId }, opts: { ...jobOptions, jobId: jobId(mailId) } })))
    },
    async work(handler, { concurrency, onError }) {
      const worker = makeWorker((job) => handler(job.data.mailId), { ...workerOptions, concurrency })
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
