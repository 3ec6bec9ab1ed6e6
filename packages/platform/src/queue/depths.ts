import type { Database } from '../database.ts'
import { type JobQueue, openJobQueue } from './job-queue.ts'
import type { QueueName } from './parts.ts'

export interface QueueDepths {
  /** Jobs of the queues that carry no mails. Rejects when the server is away. */
  read(): Promise<{ queue: QueueName; waiting: number; active: number }[]>
  close(): Promise<void>
}

const names: readonly QueueName[] = ['lookups', 'deliveries']

/** Looks at queues without working through them; opened at the first look, for each costs a connection. */
export function openQueueDepths(settings: { redisUrl: string | null }, database: Database): QueueDepths {
  let opening: Promise<JobQueue<object>[]> | undefined
  const open = async () => {
    const opened: JobQueue<object>[] = []
    for (const name of names) opened.push(await openJobQueue({ name, jobId: () => name, attempts: 1 }, settings, database))
    return opened
  }
  return {
    async read() {
      opening ??= open()
      opening.catch(() => {
        opening = undefined // a server that was away is asked again at the next look
      })
      const queues = await opening
      return Promise.all(names.map(async (queue, index) => ({ queue, ...((await queues[index]?.depth()) ?? { waiting: 0, active: 0 }) })))
    },
    async close() {
      const queues = await opening?.catch(() => [])
      for (const queue of queues ?? []) await queue.close()
    },
  }
}
