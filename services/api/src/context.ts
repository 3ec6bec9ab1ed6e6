import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Database, Db, Log, MailQueue, ObjectStore, Settings } from '@ruadar/platform'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** What the caller of `buildApp` gives. */
export interface Parts {
  settings: Settings
  database: Database
  queue: MailQueue
  log: Log
}

/** What every route works with. */
export interface Context extends Parts {
  /** For questions whose answer may be as old as a replica is; never for what is written. */
  reads: Db
  /** Where raw mails lie that are not in the database; null: nowhere else. */
  objects: ObjectStore | null
  /** The clock: only the default period depends on it. */
  now(): Date
  /** How long an upload waits until its files are read, in ms. */
  uploadWaitMs: number
  /** Folder of the built dashboard. */
  dashboard: string
  /** Aborted when the server stops: nothing may wait any longer. */
  stopping: AbortSignal
}
