import { setTimeout as sleep } from 'node:timers/promises'
import { findCause, OperatorError } from '@ruadar/platform'
import pg from 'pg'
import { preparePlace, type Place } from './place.ts'
import { findServer } from './running.ts'
import { initialise, readPassword, startServer, stopServer, user } from './server.ts'
import { whyEnded } from './server-log.ts'

export interface EmbeddedPostgres {
  /** For DATABASE_URL: a superuser on loopback, database `ruadar`. */
  url: string
  /** Set when the database could not live in the data folder; for the log. */
  note: string | undefined
  /** True when another Ruadar runs on this data folder and we use its server meanwhile. */
  guest: boolean
  /** Said of a server that has ended, or does not answer, because its disk is full; null: that is not why. */
  whyEnded(): string | null
  /** Stops the server, unless guests work on it: then the last of them does. Call it last. */
  stop(): Promise<void>
}

/** Held by the one Ruadar process that works on this data folder; its connection's end frees it. */
const instanceLock = 7489
/** Shared by guests while they need the server; who stops it takes it alone. */
const guestLock = 7490
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
 * When the server dies under us it is started again on its port; should another process have taken the lock by then, we wait for it beside
 * our work, as a guest.
 */
export async function startEmbeddedPostgres(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const { asGuest = false, onLost = () => undefined, onBack = () => undefined } = options
  const place = preparePlace(dataDir)
  await initialise(place)
  const { port, session: first, guest } = await openServer(place, asGuest)
  const url = urlOf(place, port, databaseName)
  if (guest) return { url, note: place.note, guest, whyEnded: () => whyEnded(place), stop: () => leave(place, first) }
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => undefined)
  let part: Part = { session: first, guest }
  let reviving: Promise<void> = Promise.resolve()
  const watch = ({ session }: Part) => {
    session.on('end', () => {
      if (!signal.aborted) reviving = revive()
    })
  }
  const revive = async () => {
    const why = whyEnded(place)
    let told = `The embedded database ended${why ? `: ${why}` : ''}; it is being started again.`
    onLost(told)
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        part = await openServer(place, true, port)
        watch(part)
        onBack('The embedded database runs again.')
        if (part.guest) void inherit(part)
        return
      } catch (error) {
        const { message } = error as Error
        if (message !== told) onLost(message)
        told = message
        await pause(Math.min(attempt, 30) * 1000)
      }
    }
  }
  const inherit = async (taken: Part) => {
    try {
      while (!signal.aborted && !(await takeLock(taken.session, instanceLock, 1))) await pause(1000)
      if (signal.aborted) return
      await taken.session.query('select pg_advisory_unlock_shared($1)', [guestLock])
      taken.guest = false
    } catch {
      // the server ended once more, and the end of the session has told of it
    }
  }
  watch(part)
  const stop = async () => {
    stopping.abort()
    await reviving // a server that is just being started is to be stopped, too
    await (part.guest ? leave(place, part.session) : stopUnlessUsed(place, part.session))
  }
  return { url, note: place.note, guest, whyEnded: () => whyEnded(place), stop }
}

const urlOf = (place: Place, port: number, database: string) => `postgres://${user}:${readPassword(place)}@127.0.0.1:${port}/${database}`

/** A server that recovers from a crash, or is being stopped by the Ruadar that ran before, is waited for. */
const longestWaitMs = 60_000
const longestStopMs = 10_000

/** How this process takes part: with the lock, or as a guest beside who has it. */
interface Part {
  session: pg.Client
  guest: boolean
}

/** The server that runs on the data folder, or a new one, and a session on it. */
async function openServer(place: Place, asGuest: boolean, wanted?: number): Promise<Part & { port: number }> {
  const since = performance.now()
  for (;;) {
    const port = findServer(place)?.port ?? (await startServer(place, wanted))
    let part: Part | undefined
    try {
      part = await takePart(place, urlOf(place, port, 'postgres'), asGuest)
      if (!part.guest) await createDatabase(part.session)
      return { port, ...part }
    } catch (error) {
      const waited = performance.now() - since
      if (findCause(error)?.kind !== 'away' || waited > longestWaitMs) {
        if (part) await stopUnlessUsed(place, part.session) // nobody has it yet who could
        throw error
      }
      // One that was told to stop long ago, by a process that is gone, may never do so.
      if (waited > longestStopMs && (error as Error).message.includes('shutting down')) await stopServer(place)
      else await sleep(200)
    }
  }
}

async function takePart(place: Place, url: string, asGuest: boolean): Promise<Part> {
  const session = new pg.Client({ connectionString: url, application_name: `process ${process.pid}`, keepAlive: true })
  session.on('error', () => undefined) // 'end' follows and is what counts
  await session.connect()
  // A killed process's connection may live for a moment, until the server has noticed.
  if (await takeLock(session, instanceLock, asGuest ? 5 : 50)) return { session, guest: false }
  if (asGuest) {
    await session.query('select pg_advisory_lock_shared($1)', [guestLock])
    return { session, guest: true }
  }
  const { rows } = await session.query<{ name: string }>(
    `select application_name as name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and objid = $1 and granted`,
    [instanceLock],
  )
  await session.end()
  throw new OperatorError(
    `Ruadar already runs on the data folder ${place.folder}${rows[0] ? ` (${rows[0].name})` : ''}.`,
    'Stop that one first, or set RUADAR_DATA_DIR to another folder.',
  )
}

async function takeLock(session: pg.Client, lock: number, attempts: number): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { rows } = await session.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [lock])
    if (rows[0]?.taken) return true
    await sleep(100)
  }
  return false
}

/** Of who has the lock. Who comes meanwhile waits for the lock of guests, loses the server and starts it again. */
async function stopUnlessUsed(place: Place, session: pg.Client): Promise<void> {
  const isUnused = await takeLock(session, guestLock, 1).catch(() => true) // a server that is away has no guests
  if (isUnused) await stopServer(place)
  await session.end().catch(() => undefined)
}

/** Of a guest: it has the server to itself now when who had the lock has gone. */
async function leave(place: Place, session: pg.Client): Promise<void> {
  try {
    await session.query('select pg_advisory_unlock_shared($1)', [guestLock])
    if (await takeLock(session, instanceLock, 5)) await stopUnlessUsed(place, session)
  } catch {
    // the server has gone
  }
  await session.end().catch(() => undefined)
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName])
  if (!rowCount) await client.query(`create database ${databaseName}`)
}
