import { Kysely, type LogEvent, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Log } from './log.ts'
import { timed } from './metrics/counted.ts'
import { OperatorError } from './operator-error.ts'
import { watchOutages } from './outage.ts'
import { currentTask } from './task.ts'

/** Statements slower than `ms` are told to the log; 0: none. */
export interface SlowQueries {
  ms: number
  log: Log
}

export interface DatabaseOptions {
  /** Shows in pg_stat_activity. */
  name: string
  /** Connections at most; 10 unless given. */
  max?: number
  slow?: SlowQueries
  /** Leads past a pooler. */
  directUrl?: string | null
  /** A transaction in which nothing is asked for so long is ended by the server, and with it what it has locked. */
  idleInTransactionSeconds?: number
  /** See `Database.whyAway`. */
  whyAway?: () => string | null
}

/** Used through the `sql` tag of kysely only, so that every statement stands in view. */
export type Db = Kysely<unknown>

export interface Database {
  db: Db
  pool: pg.Pool
  url: string
  /** Where one connection is one session; another than `url` behind a pooler. */
  directUrl: string
  /** For what needs a session: leads to `directUrl`, and is `pool` where that is the same. */
  directPool: pg.Pool
  /** Where it is told that a server is away; null: nowhere. */
  log: Log | null
  /** Of a server that is away, and that is ours: that it ended for want of room, as the end of a sentence; null: nobody knows. */
  whyAway(): string | null
  close(): Promise<void>
}

const minimumPostgres = 14

// int8 as number: counts stay below 2^53 (report-formats.md 1.6). date as text: a UTC day has no time zone.
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)
types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** Options of every connection that this product opens, the queue's included. */
export function connectionOptions(url: string, name: string): pg.PoolConfig {
  return {
    connectionString: url,
    application_name: `ruadar ${name}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    types,
    options: '-c timezone=UTC',
  }
}

/** A pool whose connections may end at any moment: whoever asks next, or is being answered, gets the error; the process lives. */
export function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined)) // for one that is in use meanwhile
  return pool
}

/**
 * Opens a pool and proves that it answers. `name` shows in pg_stat_activity.
 * Throws an OperatorError in words when the server is away, refuses the password or is older than 14.
 * Every statement is timed for /metrics.
 */
export async function openDatabase(url: string, options: DatabaseOptions): Promise<Database> {
  const { name, max = 10, idleInTransactionSeconds, directUrl, whyAway = () => null } = options
  const connection = connectionOptions(url, name)
  const limit = idleInTransactionSeconds ? ` -c idle_in_transaction_session_timeout=${idleInTransactionSeconds * 1000}` : ''
  const pool = openPool({ ...connection, options: `${connection.options}${limit}`, max })
  try {
    const { rows } = await pool.query<{ version: number; zone: string }>(
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('TimeZone') as zone`,
    )
    const { version = 0, zone = '' } = rows[0] ?? {}
    if (!/^(Etc\/)?(UTC|GMT|UCT|Zulu)$/i.test(zone)) {
      throw new OperatorError(
        `The sessions of this database count days in ${zone}, not in UTC.`,
        "A pooler keeps back what is asked for at connecting: run `alter role NAME set timezone to 'UTC'` for Ruadar's role.",
      )
    }
    if (version < minimumPostgres) {
      throw new OperatorError(`PostgreSQL ${version} is too old.`, `Ruadar needs version ${minimumPostgres} or newer.`)
    }
  } catch (error) {
    await pool.end()
    throw error instanceof OperatorError ? error : connectionProblem(url, error)
  }
  const db = openQueries(url, pool, options.slow)
  // Connects when it is asked, so it costs nothing until then.
  const directPool = directUrl && directUrl !== url ? openPool({ ...connectionOptions(directUrl, name), max: 2 }) : pool
  const close = async () => {
    if (directPool !== pool) await directPool.end()
    await db.destroy()
    if (!pool.ended) await pool.end() // kysely ends only a pool that it has used
  }
  return { db, pool, url, directUrl: directUrl ?? url, directPool, log: options.slow?.log ?? null, whyAway, close }
}

/** Statements of a pool: timed, and with a line when the server goes away and when it is back. */
function openQueries(url: string, pool: pg.Pool, slow: SlowQueries | undefined): Db {
  const outages = slow && watchOutages(slow.log, `PostgreSQL at ${new URL(url).host}`)
  const dialect = new PostgresDialect({
    pool: {
      async connect() {
        try {
          return await pool.connect()
        } catch (error) {
          outages?.failed(error)
          throw error
        }
      },
      end: () => pool.end(),
    },
  })
  const log = (event: LogEvent) => {
    noteQuery(event, slow)
    const statement = event.query.sql.trim()
    if (event.level === 'error') outages?.failed(event.error, statement)
    else outages?.answered(changes.test(statement), statement)
  }
  return new Kysely({ dialect, log })
}

const changes = /\b(insert into|update|delete from)\b/i

/** Of a statement that is worth a line so much is shown: with $1 for each value, so none of them. */
const shownStatement = 300

/** Times a statement for /metrics, and tells of a slow one. */
export function noteQuery({ query, queryDurationMillis: ms }: LogEvent, slow: SlowQueries | undefined): void {
  const question = currentTask()?.question ?? 'other'
  timed.queries.observe({ question }, ms / 1000)
  if (!slow || slow.ms === 0 || ms < slow.ms) return
  const statement = query.sql.replace(/\s+/g, ' ').trim().slice(0, shownStatement)
  slow.log.warn({ question, ms: Math.round(ms), statement }, 'slow query')
}

/** Says in words why a database could not be reached; the URL's password is never part of it. */
export function connectionProblem(url: string, error: unknown): OperatorError {
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: '?', pathname: '/?' }
  const code = (error as { code?: string }).code
  const where = `PostgreSQL at ${host}`
  const cause = { cause: error }
  switch (code) {
    case 'ECONNREFUSED':
      return new OperatorError(`${where} does not answer.`, 'Start it, or correct DATABASE_URL.', cause)
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new OperatorError(`The host of ${where} is not known.`, 'Correct DATABASE_URL.', cause)
    case '28P01':
    case '28000':
      return new OperatorError(`${where} refuses the user or the password.`, 'Correct DATABASE_URL.', cause)
    case '3D000':
      return new OperatorError(`${where} has no database ${pathname.slice(1)}.`, 'Create it, or correct DATABASE_URL.', cause)
    case '53300':
      return new OperatorError(`${where} has no free connection.`, 'Raise max_connections or run fewer processes.', cause)
    default:
      return new OperatorError(`${where} cannot be used: ${(error as Error).message}.`, 'Check DATABASE_URL and the server.', cause)
  }
}
