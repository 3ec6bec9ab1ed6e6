import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { type Database, migrate, openDatabase, openQueue, type MailQueue, type Service, type Settings } from '@ruadar/platform'

export interface Store {
  settings: Settings
  database: Database
  embedded: boolean
  /** True when another Ruadar runs on the data folder: it reads what we store. */
  guest: boolean
}

export interface House extends Store {
  queue: MailQueue
}

export interface StoreOptions {
  name: string
  connections: number
  asGuest?: boolean
}

/**
 * Opens what a command works on: the database of DATABASE_URL, or the embedded one in the data folder, migrated,
 * and the queue. Everything is registered for closing, the embedded server first and so stopped last.
 */
export async function openHouse(service: Service, options: StoreOptions): Promise<House> {
  const { log, onClose } = service
  const store = await openStore(service, options)
  const { database, embedded } = store
  const secretKey = store.settings.secretKey ?? (embedded ? ownSecretKey(secretKeyFile(store.settings)) : null)
  const settings = { ...store.settings, secretKey }
  const { applied } = await migrate({ pool: database.directPool })
  if (applied.length > 0) log.info({ applied }, 'database migrated')
  const queue = await openQueue(settings, database)
  onClose(() => queue.close())
  return { ...store, settings, queue }
}

/** Opens the database alone and as it is, of whatever schema or empty. */
export async function openStore(service: Service, options: StoreOptions): Promise<Store> {
  const { log, onClose } = service
  const embedded = !service.settings.databaseUrl
  const { settings, guest, whyAway } = embedded
    ? await startEmbedded(service, options.asGuest ?? false)
    : { settings: service.settings, guest: false, whyAway: () => null }
  const database = await openDatabase(settings.databaseUrl ?? '', {
    name: options.name,
    max: options.connections,
    slow: { ms: settings.slowQueryMs, log },
    directUrl: embedded ? null : settings.databaseDirectUrl,
    whyAway,
  })
  onClose(() => database.close())
  return { settings, database, embedded, guest }
}

async function startEmbedded(
  { settings, log, onClose, onAway }: Service,
  asGuest: boolean,
): Promise<{ settings: Settings; guest: boolean; whyAway: () => string | null }> {
  const starting = startEmbeddedPostgres(settings.dataDir, {
    asGuest,
    onLost: (message) => log.warn(message),
    onBack: (message) => log.info(message),
  })
  // Before it is there: who is told to stop meanwhile leaves no server behind.
  onClose(async () => {
    const started = await starting.catch(() => null) // told below
    await started?.stop()
  })
  const server = await starting
  const whyAway = () => server.whyEnded()
  onAway(whyAway)
  if (server.note) log.info(server.note)
  return { settings: { ...settings, databaseUrl: server.url }, guest: server.guest, whyAway }
}

/** Where the embedded mode keeps its key, unless RUADAR_SECRET_KEY is set. */
export const secretKeyFile = (settings: Settings): string => join(settings.dataDir, 'secret.key')

/**
 * The embedded mode needs no setting: it makes its key once and keeps it beside the database. The file appears whole or not at all: who is
 * killed meanwhile leaves no empty key, and of two that make one at the same moment both take the first.
 */
function ownSecretKey(file: string): Buffer {
  if (!existsSync(file)) {
    const fresh = `${file}.new-${process.pid}`
    writeFileSync(fresh, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true })
    try {
      linkSync(fresh, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(fresh, { force: true })
    }
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
}
