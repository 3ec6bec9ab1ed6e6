import type { MessagePort } from 'node:worker_threads'
import type { Limits, ReadEvent } from '@ruadar/reports'

/** What a reader thread is asked to do. Events come over the port in batches; each batch is answered by one message. */
export interface ReadTask {
  raw: Uint8Array
  /** UTC epoch seconds at which the mail was stored. */
  receivedAt: number
  limits: Partial<Limits>
  /** Whether the body of a message that a failure report shows is wanted. */
  sampleBodies: boolean
  port: MessagePort
}

export type ReaderEvent = ReadEvent | { type: 'envelope'; subject: string | null; sender: string | null }

/** Batches that may be under way unanswered: reading and storing overlap, and a slow database slows the reader. */
export const batchesAhead = 4
