import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { type Database, migrate, openDatabase, openQueue, type MailQueue, type Service, type Settings } from '@ruadar/platform'

export interface House {
  settings: Settings
  database: Database
  queue: MailQueue
  embedded: boolean
  /** True when another Ruadar runs on the data folder: it reads what we store. */
  guest: boolean
}

/**
 * Opens what a command works on: the database of DATABASE_URL, or the embedded one in the data folder, migrated,
 * and the queue. Everything is registered for closing, the embedded server first and so stopped last.
 */
export async function openHouse(service: Service, options: { name: string; connections: number; asGuest?: boolean }): Promise<House> {
  const { log, onClose } = service
  const embedded = !service.settings.databaseUrl
  const { settings, guest } = embedded
    ? await startEmbedded(service, options.asGuest ?? false)
    : { settings: service.settings, guest: false }
  const database = await openDatabase(settings.databaseUrl ?? '', {
    name: options.name,
    max: options.connections,
    slow: { ms: settings.slowQueryMs, log },
    directUrl: embedded ? null : settings.databaseDirectUrl,
  })
  onClose(() => database.close())
  const { applied } = await migrate({ pool: database.directPool })
  if (applied.length > 0) log.info({ applied }, 'database migrated')
  const queue = await openQueue(settings, database)
  onClose(() => queue.close())
  return { settings, database, queue, embedded, guest }
}

async function startEmbedded({ settings, log, onClose }: Service, asGuest: boolean): Promise<{ settings: Settings; guest: boolean }> {
  const server = await startEmbeddedPostgres(settings.dataDir, { asGuest, onLost: (message) => log.warn(message) })
  onClose(() => server.stop())
  if (server.note) log.info(server.note)
  const secretKey = settings.secretKey ?? ownSecretKey(settings.dataDir)
  return { settings: { ...settings, databaseUrl: server.url, secretKey }, guest: server.guest }
}

/** The embedded mode needs no setting: it makes its key once and keeps it beside the database. */
function ownSecretKey(dataDir: string): Buffer {
  const file = join(dataDir, 'secret.key')
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
}
