import { openDatabase, type Database } from '@ruadar/platform'
import pg from 'pg'
import { afterAll, beforeAll, inject } from 'vitest'

let made = 0

/**
 * Creates a database on the run's server: migrated, or without any table when it is to be `bare`. `drop` closes nothing: end your
 * connections first.
 */
export async function createDatabase({ bare = false } = {}): Promise<{ url: string; drop(): Promise<void> }> {
  const server = inject('postgresUrl')
  const name = `test_${process.pid}_${++made}_${Date.now().toString(36)}`
  await administer(server, `create database ${name} template ${bare ? 'template1' : 'ruadar'}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(server, `drop database ${name} with (force)`) }
}

/** A database of its own for this test file: call it at the top, use the returned function inside tests. */
export function useDatabase(): () => Database {
  let database: Database | undefined
  let drop: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const made = await createDatabase()
    drop = made.drop
    database = await openDatabase(made.url, { name: 'test' })
  })
  afterAll(async () => {
    await database?.close()
    await drop?.()
  })
  return () => {
    if (!database) throw new Error('useDatabase() is for use inside tests and hooks')
    return database
  }
}

/** A database without any table, for the length of `work`. */
export async function withBareDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const made = await createDatabase({ bare: true })
  const database = await openDatabase(made.url, { name: 'test' })
  try {
    return await work(database)
  } finally {
    await database.close()
    await made.drop()
  }
}

/** Cloning needs a template without sessions: other files' clones wait for each other with an advisory lock. */
async function administer(server: string, statement: string): Promise<void> {
  const url = new URL(server)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock(1)')
    await client.query(statement)
  } finally {
    await client.end()
  }
}
