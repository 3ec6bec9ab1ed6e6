import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { connectionOptions, type Database, type Db, noteQuery, openPool, type SlowQueries } from './database.ts'
import type { Log } from './log.ts'

export interface ReplicaOptions {
  /** What is asked where the replica is not. */
  primary: Database
  /** Asked before each statement or transaction: true sends it to the primary. */
  isFreshNeeded(): boolean
  log: Log
  /** Shows in pg_stat_activity. */
  name: string
  max?: number
  slow?: SlowQueries
  /** How long a replica that was away is left alone, ms. */
  retryMs?: number
}

export interface ReadReplica {
  db: Db
  close(): Promise<void>
}

/** A replica answers what a page asks within this, or the primary does. */
const patience = { connectionTimeoutMillis: 2000, query_timeout: 10_000 }

/**
 * A database for questions: they go to the replica of `url`, and to the primary while that is away or when the newest is needed. A
 * statement that the replica gives up is asked again of the primary, unless a transaction has begun. It is never waited for at the start.
 */
export function openReplica(url: string, options: ReplicaOptions): ReadReplica {
  const { primary, isFreshNeeded, log, name, max = 10, slow, retryMs = 10_000 } = options
  const replica = openPool({ ...connectionOptions(url, name), ...patience, max })
  let awaySince: number | null = null

  function noteAway(error: unknown): void {
    if (awaySince === null) log.warn({ err: error }, 'The read replica is away; the primary answers meanwhile')
    awaySince = performance.now()
  }
  function noteAnswer(): void {
    if (awaySince !== null) log.info('The read replica answers again')
    awaySince = null
  }
  async function connect(): Promise<PostgresPoolClient> {
    const rests = awaySince !== null && performance.now() - awaySince < retryMs
    if (rests || isFreshNeeded()) return primary.pool.connect()
    try {
      return asReplica(await replica.connect())
    } catch (error) {
      noteAway(error)
      return primary.pool.connect()
    }
  }
  function asReplica(client: pg.PoolClient): PostgresPoolClient {
    let failure: Error | undefined
    let inTransaction = false
    const query = async (statement: string, parameters: readonly unknown[]) => {
      inTransaction ||= /^\s*(begin|start)\b/i.test(statement)
      try {
        const answer = await client.query(statement, [...parameters])
        noteAnswer()
        return answer
      } catch (error) {
        if (isAway(error)) {
          failure = error as Error
          noteAway(error)
        }
        if (inTransaction || !(failure || isReplicas(error))) throw error
        return primary.pool.query(statement, [...parameters])
      }
    }
    return { query, release: () => client.release(failure) } as unknown as PostgresPoolClient // kysely also knows cursors, which nobody here asks for
  }
  const pool: PostgresPool = { connect, end: () => replica.end() }
  const db: Db = new Kysely({ dialect: new PostgresDialect({ pool }), log: (event) => noteQuery(event, slow) })
  const close = async () => {
    await db.destroy()
    if (!replica.ended) await replica.end() // kysely ends only a pool that it has used
  }
  return { db, close }
}

/** A lost connection has no SQLSTATE, or one of class 08 (connection) or 57P (the server stops or starts). */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === undefined || /^(08|57P|E[A-Z]+$)/.test(code)
}

/** What only a replica says: rows were removed that the statement still reads (40001), or it would write (25006). */
function isReplicas(error: unknown): boolean {
  return ['40001', '25006'].includes((error as { code?: string }).code ?? '')
}
