import type { MessagePort } from 'node:worker_threads'
import type { Limits, ReadEvent } from '@ruadar/reports'
import type { RecordColumns } from './columns.ts'

export interface UnreadMail {
  raw: Uint8Array
  /** UTC epoch seconds at which the mail was stored. */
  receivedAt: number
}

export interface ReadOptions {
  limits: Partial<Limits>
  /** Whether the body of a message that a failure report shows is wanted. */
  sampleBodies: boolean
}

/** One mail, of any size: events come over the port in batches, and each batch is answered by one message. */
export interface ReadTask extends UnreadMail, ReadOptions {
  port: MessagePort
}

/** Some small mails at once; what they hold is the task's result. */
export interface ReadManyTask extends ReadOptions {
  mails: UnreadMail[]
}

/** The events of one mail; null when it holds more than a batch may, and has to be read alone. */
export type ReadManyResult = (ReaderEvent[] | null)[]

export type ReaderEvent =
  | Exclude<ReadEvent, { type: 'records' }>
  | { type: 'records'; columns: RecordColumns }
  | { type: 'envelope'; subject: string | null; sender: string | null }

/**
 * Batches that may be under way unanswered: reading and storing overlap, and a slow database slows the reader. Of 500 rows each they
 * last while the database sums up.
 */
export const batchesAhead = 32
/** Rows of one mail among many: more are streamed. */
export const smallRows = 2000
