import { setTimeout as sleep } from 'node:timers/promises'
import { findCause, OperatorError } from '@ruadar/platform'
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
  /** Told when the server died under us and is being started again, and when it runs again. */
  onLost?: (message: string) => void
  onBack?: (message: string) => void
}

/**
 * Starts PostgreSQL in a data folder, or takes over the server that a killed Ruadar left behind.
 * A second Ruadar on the same folder gets an OperatorError unless it is content to be a guest.
 * When the server dies under us it is started again on its port. Should another Ruadar have taken the data folder meanwhile, an OperatorError
 * that nobody catches ends this process.
 */
export async function startEmbeddedPostgres(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const { asGuest = false, onLost = () => undefined, onBack = () => undefined } = options
  const place = preparePlace(dataDir)
  await initialise(place)
  const { port, lock: first } = await openServer(place, asGuest)
  const url = urlOf(place, port, databaseName)
  if (!first) return { url, note: place.note, guest: true, stop: () => Promise.resolve() }
  const stopping = new AbortController()
  const { signal } = stopping
  let lock: pg.Client = first
  let isOurs = true
  let reviving: Promise<void> = Promise.resolve()
  const watch = (client: pg.Client) => {
    client.on('end', () => {
      if (!signal.aborted) reviving = revive()
    })
  }
  const revive = async () => {
    let told = 'The embedded database ended; it is being started again.'
    onLost(told)
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        lock = (await openServer(place, false, port)).lock ?? lock
        watch(lock)
        onBack('The embedded database runs again.')
        return
      } catch (error) {
        if (error instanceof FolderTaken) {
          isOurs = false
          throw error
        }
        const { message } = error as Error
        if (message !== told) onLost(message)
        told = message
        await sleep(Math.min(attempt, 30) * 1000, undefined, { signal }).catch(() => undefined)
      }
    }
  }
  watch(lock)
  const stop = async () => {
    stopping.abort()
    await reviving.catch(() => undefined) // a server that is just being started is to be stopped, too
    await lock.end().catch(() => undefined)
    if (isOurs) await stopServer(place)
  }
  await createDatabase(lock).catch(async (error: unknown) => {
    await stop() // nobody has it yet who could
    throw error
  })
  return {
    url,
    note: place.note,
    guest: false,
    stop,
  }
}

/** Another Ruadar works on the data folder. */
class FolderTaken extends OperatorError {}

const urlOf = (place: Place, port: number, database: string) => `postgres://${user}:${readPassword(place)}@127.0.0.1:${port}/${database}`

/** A server that recovers from a crash, or is being stopped by the Ruadar that ran before, is waited for. */
const longestWaitMs = 60_000

/** The server that runs on the data folder, or a new one, and the lock on it; no lock where another has it and that is allowed. */
async function openServer(place: Place, asGuest: boolean, wanted?: number): Promise<{ port: number; lock: pg.Client | undefined }> {
  const until = Date.now() + longestWaitMs
  for (;;) {
    const port = runningPort(place) ?? (await startServer(place, wanted))
    try {
      return { port, lock: await takeLock(place, urlOf(place, port, 'postgres'), asGuest) }
    } catch (error) {
      if (findCause(error)?.kind !== 'away' || Date.now() > until) throw error
      await sleep(200)
    }
  }
}

/** The connection that holds the lock; undefined when another process holds it and that is allowed. */
async function takeLock(place: Place, url: string, asGuest: boolean): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, application_name: `process ${process.pid}`, keepAlive: true })
  client.on('error', () => undefined) // 'end' follows and is what counts
  await client.connect()
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
  throw new FolderTaken(
    `Ruadar already runs on the data folder ${place.folder}${rows[0] ? ` (${rows[0].name})` : ''}.`,
    'Stop that one first, or set RUADAR_DATA_DIR to another folder.',
  )
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName])
  if (!rowCount) await client.query(`create database ${databaseName}`)
}
