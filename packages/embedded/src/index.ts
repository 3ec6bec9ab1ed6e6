import { setTimeout as sleep } from 'node:timers/promises'
import { OperatorError } from '@ruadar/platform'
import pg from 'pg'
import { preparePlace, type Place } from './place.ts'
import { initialise, readPassword, runningPort, startServer, stopServer, user } from './server.ts'

export interface EmbeddedPostgres {
  /** For DATABASE_URL: a superuser on loopback, database `ruadar`. */
  url: string
  /** Set when the database could not live in the data folder; for the log. */
  note: string | undefined
  /** True when another Ruadar runs on this data folder and we use its server meanwhile. */
  guest: boolean
  /** Stops the server. Call it last. */
  stop(): Promise<void>
}

/** Held by the one Ruadar process that works on this data folder; its connection's end frees it. */
const instanceLock = 7489
const databaseName = 'ruadar'

export interface EmbeddedOptions {
  /** For commands that may work beside a running Ruadar: its server is used and left running. */
  asGuest?: boolean
  /** Told when the server died under us and is being started again. */
  onLost?: (message: string) => void
}

/**
 * Starts PostgreSQL in a data folder, or takes over the server that a killed Ruadar left behind.
 * A second Ruadar on the same folder gets an OperatorError unless it is content to be a guest.
 * When the server dies under us it is started again on its port.
 */
export async function startEmbeddedPostgres(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const { asGuest = false, onLost = () => undefined } = options
  const place = preparePlace(dataDir)
  await initialise(place)
  let port = runningPort(place)
  if (port === null) port = await startServer(place)
  const urlOf = (database: string) => `postgres://${user}:${readPassword(place)}@127.0.0.1:${port}/${database}`
  let stopping = false
  const first = await takeLock(place, urlOf('postgres'), asGuest)
  if (!first) return { url: urlOf(databaseName), note: place.note, guest: true, stop: () => Promise.resolve() }
  let lock: pg.Client = first
  const watch = (client: pg.Client) => {
    client.on('end', () => {
      if (!stopping) void revive()
    })
  }
  const revive = async () => {
    onLost('The embedded database ended; it is being started again.')
    for (let attempt = 1; !stopping; attempt++) {
      try {
        if (runningPort(place) === null) await startServer(place, port)
        lock = (await takeLock(place, urlOf('postgres'), false)) ?? lock
        watch(lock)
        return
      } catch (error) {
        onLost((error as Error).message)
        await sleep(Math.min(attempt, 30) * 1000)
      }
    }
  }
  watch(lock)
  await createDatabase(lock)
  return {
    url: urlOf(databaseName),
    note: place.note,
    guest: false,
    async stop() {
      stopping = true
      await lock.end().catch(() => undefined)
      await stopServer(place)
    },
  }
}

/** The connection that holds the lock; undefined when another process holds it and that is allowed. */
async function takeLock(place: Place, url: string, asGuest: boolean): Promise<pg.Client | undefined> {
  const client = await connect(url)
  // A killed process's connection may live for a moment, until the server has noticed.
  for (let attempt = 0; attempt < (asGuest ? 5 : 50); attempt++) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [instanceLock])
    if (rows[0]?.taken) return client
    await sleep(100)
  }
  const { rows } = await client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and objid = $1 and granted`,
    [instanceLock],
  )
  await client.end()
  if (asGuest) return undefined
  throw new OperatorError(
    `Ruadar already runs on the data folder ${place.folder}${rows[0] ? ` (${rows[0].name})` : ''}.`,
    'Stop that one first, or set RUADAR_DATA_DIR to another folder.',
  )
}

async function connect(url: string): Promise<pg.Client> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url, application_name: `process ${process.pid}`, keepAlive: true })
    client.on('error', () => undefined) // 'end' follows and is what counts
    try {
      await client.connect()
      return client
    } catch (error) {
      // 57P03: the server that we took over is still recovering from its crash.
      if (attempt >= 300 || !['57P03', 'ECONNREFUSED', 'ECONNRESET'].includes((error as { code?: string }).code ?? '')) throw error
      await sleep(200)
    }
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName])
  if (!rowCount) await client.query(`create database ${databaseName}`)
}
