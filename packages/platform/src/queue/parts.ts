import type { OutageWatch } from '../outage.ts'

// A job whose process died is taken up by another after a lock's life, at the latest. Such deaths are counted at the mail
// (mails.starts), not here.
export const workerOptions = {
  lockDuration: 6_000,
  stalledInterval: 2_000,
  maxStalledCount: 1000,
  drainDelay: 5,
  runRetryDelay: 2_000,
} as const

/** What a backend brings: a BullMQ queue and a way to make its worker. */
export interface QueueParts {
  backend: 'redis' | 'postgres'
  queue: {
    addBulk(jobs: { name: string; data: object; opts: object }[]): Promise<unknown>
    getJobCounts(...states: ('wait' | 'delayed' | 'active')[]): Promise<Record<string, number>>
    close(): Promise<void>
  }
  makeWorker(process: (job: { id?: string | undefined; data: unknown }) => Promise<void>, options: WorkerOptions): QueueWorker
  /** Told of what fails and what works, where the database does not tell of it already. */
  outages?: OutageWatch | undefined
  /** Ends the connections, after queue and workers were closed. */
  disconnect(): Promise<void>
}

export interface QueueWorker {
  on(event: 'error', listener: (error: Error) => void): unknown
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}

export type WorkerOptions = typeof workerOptions & { concurrency: number }

export type QueueName = 'mails' | 'lookups' | 'deliveries'

/** Connections to PostgreSQL, where the queue lives there; a worker needs one that listens and some that fetch and finish jobs. */
export interface QueueConnections {
  queue: number
  worker: number
}
