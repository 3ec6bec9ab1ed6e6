import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, migrateQueue, openDatabase } from '@ruadar/platform'
import pg from 'pg'
import { preparePlace } from '../../packages/embedded/src/place.ts'
import { runProgram } from '../../packages/embedded/src/programs.ts'
import { initialise, readPassword, startServer, user } from '../../packages/embedded/src/server.ts'

/** A shared PostgreSQL to which things happen that the server of a run must not suffer. */
export interface OwnPostgres {
  /** For DATABASE_URL: a migrated database. */
  url: string
  /** fast: sessions are ended with a word; immediate: as a crash, with recovery at the next start. */
  end(how: 'fast' | 'immediate'): Promise<void>
  /** On the same port. */
  start(): Promise<void>
  /** Ends every session of the database but those of `except`, once. */
  cut(except?: string): Promise<void>
  setReadOnly(readOnly: boolean): Promise<void>
  stop(): Promise<void>
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-own-postgres-'))
  chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user
  const place = preparePlace(folder)
  await initialise(place)
  const port = await startServer(place)
  const urlOf = (name: string) => `postgres://${user}:${readPassword(place)}@127.0.0.1:${port}/${name}`
  const end = async (how: 'fast' | 'immediate') => {
    const { code, output } = await runProgram(place, 'pg_ctl', ['stop', '-D', place.cluster, '-m', how, '-w', '-t', '60'])
    if (code !== 0) throw new Error(`PostgreSQL did not stop: ${output}`)
  }
  await administer(urlOf('postgres'), ['create database ruadar'])
  const database = await openDatabase(urlOf('ruadar'), { name: 'test' })
  await migrate(database)
  await migrateQueue(database.pool)
  await database.close()
  return {
    url: urlOf('ruadar'),
    end,
    async start() {
      await startServer(place, port)
    },
    cut: (except = '') =>
      administer(urlOf('postgres'), [
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'ruadar' and application_name <> '${except}'`,
      ]),
    async setReadOnly(readOnly) {
      const set = `alter system set default_transaction_read_only = ${readOnly ? 'on' : 'off'}`
      await administer(urlOf('postgres'), ['set transaction_read_only = off', set, 'select pg_reload_conf()'])
    },
    async stop() {
      await end('immediate').catch(() => undefined) // a test that failed may have left it ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Statements one by one, each a transaction of its own. */
export async function administer(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
