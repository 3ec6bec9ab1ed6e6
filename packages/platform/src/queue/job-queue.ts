import type { Database } from '../database.ts'
import { timed } from '../metrics/counted.ts'
import { runTask } from '../task.ts'
import { type QueueConnections, type QueueName, type QueueWorker, workerOptions } from './parts.ts'
import { openPostgresParts } from './postgres.ts'
import { openRedisParts } from './redis.ts'

/** A queue of small jobs that name what is to be done and never carry it. The same on Redis and on PostgreSQL. */
export interface JobQueue<T extends object> {
  readonly backend: 'redis' | 'postgres'
  /** Adding a job again while it waits changes nothing: jobs with the same id are the same. Rejects when the server is away. */
  add(jobs: readonly T[]): Promise<void>
  /** Starts to work through the queue. A handler that throws is asked again, later and later. */
  work(handler: (job: T) => Promise<void>, options: WorkOptions): Promise<Work>
  depth(): Promise<{ waiting: number; active: number }>
  close(): Promise<void>
}

export interface WorkOptions {
  concurrency: number
  onError(error: Error): void
}

export interface Work {
  /** Takes no new job, waits for those in hand. */
  close(): Promise<void>
}

/** What sets one queue apart from another. */
export interface JobKind<T extends object> {
  name: QueueName
  /** Unique among jobs of the queue, and no whole number: BullMQ refuses those. */
  jobId(job: T): string
  /** How often a handler that throws is asked: waits of 1 s, 2 s, 4 s … lie in between. */
  attempts: number
  /** Left out: few, for a queue where a job now and then is the rule. */
  connections?: QueueConnections
}

const fewConnections: QueueConnections = { queue: 1, worker: 2 }

/** Opens a queue in Redis when there is a REDIS_URL, else in the database. Throws an OperatorError when Redis is away. */
export async function openJobQueue<T extends object>(
  { name, jobId, attempts, connections = fewConnections }: JobKind<T>,
  settings: { redisUrl: string | null },
  database: Database,
): Promise<JobQueue<T>> {
  const parts = settings.redisUrl
    ? await openRedisParts(settings.redisUrl, name, database.log)
    : await openPostgresParts(database, name, connections)
  const { backend, queue, makeWorker, disconnect, outages } = parts
  // The database says what became of the thing; a finished job has nothing to tell.
  const options = { removeOnComplete: true, removeOnFail: true, attempts, backoff: { type: 'exponential', delay: 1000 } } as const
  return {
    backend,
    async add(jobs) {
      if (jobs.length === 0) return
      try {
        await queue.addBulk(jobs.map((data) => ({ name, data, opts: { ...options, jobId: jobId(data) } })))
        outages?.answered(true)
      } catch (error) {
        outages?.failed(error)
        throw error
      }
    },
    async work(handler, { concurrency, onError }) {
      const inHand = new Set<Promise<void>>()
      const take = (job: { id?: string | undefined; data: unknown }) => {
        outages?.answered(true) // a job is handed out by writing that it is
        const done = runJob(name, job.id, () => handler(job.data as T)).finally(() => inHand.delete(done))
        inHand.add(done)
        return done
      }
      const worker = makeWorker(take, { ...workerOptions, concurrency })
      worker.on('error', (error) => {
        outages?.failed(error)
        onError(error)
      })
      await worker.waitUntilReady()
      return { close: () => closeWorker(worker, inHand) }
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

/** How long the end of jobs may take to be told to a server that perhaps is away. What it did not hear of is handed out once more. */
const farewellMs = 1500

/** BullMQ waits for ever for a server that is away, or came back just now (bullmq #4656): what counts is that no job is in hand any more. */
async function closeWorker(worker: QueueWorker, inHand: ReadonlySet<Promise<void>>): Promise<void> {
  const closed = worker.close()
  let timer: NodeJS.Timeout | undefined
  while (inHand.size > 0) await Promise.allSettled(inHand)
  await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, farewellMs)))])
  clearTimeout(timer)
  while (inHand.size > 0) await Promise.allSettled(inHand) // one that was handed out at the last moment
}

/** Names the work for log and metrics, and times it. */
function runJob(queue: QueueName, job: string | undefined, work: () => Promise<void>): Promise<void> {
  return runTask({ question: `job ${queue}`, ...(job === undefined ? {} : { job }) }, async () => {
    const stop = timed.jobs.startTimer({ queue })
    try {
      await work()
      stop({ result: 'done' })
    } catch (error) {
      stop({ result: 'failed' })
      throw error
    }
  })
}
