import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import type { Database } from './database.ts'
import { OperatorError } from './operator-error.ts'
import { sha256 } from './secrets.ts'

/** Numbered SQL files, forward only. From src and from dist alike this is the checkout's folder. */
const folder = new URL('../../../migrations/', import.meta.url)
/** "RUAD" as a number: one starter migrates at a time, the others wait and find it done. */
const lockKey = 0x52554144

interface Migration {
  name: string
  sql: string
  checksum: string
}

function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_[\w-]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(new URL(name, folder), 'utf8')
      return { name, sql, checksum: sha256(sql).toString('hex') }
    })
}

/**
 * Brings the schema up to date, one transaction a file. A file whose first line is `-- no transaction` runs bare,
 * for `create index concurrently`. Refuses a database that a newer Ruadar has migrated, or whose files were changed since.
 */
export async function migrate(database: Pick<Database, 'pool'>): Promise<{ applied: string[] }> {
  const client = await database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    await client.query(
      'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
    )
    const { rows: ledger } = await client.query<{ name: string; checksum: string }>('select name, checksum from migrations order by name')
    const migrations = readMigrations()
    assertKnown(ledger, migrations)
    const done = new Set(ledger.map((row) => row.name))
    const applied: string[] = []
    for (const migration of migrations) {
      if (done.has(migration.name)) continue
      await apply(client, migration)
      applied.push(migration.name)
    }
    return { applied }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => undefined)
    client.release()
  }
}

function assertKnown(ledger: { name: string; checksum: string }[], migrations: Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const { name, checksum } of ledger) {
    if (!known.has(name)) {
      throw new OperatorError(
        `The database was migrated by a newer Ruadar (${name}).`,
        'Start that version, or restore a backup of this one.',
      )
    }
    if (known.get(name) !== checksum) {
      throw new OperatorError(`Migration ${name} was changed after it had been applied.`, 'Restore the file as it was released.')
    }
  }
}

async function apply(client: pg.PoolClient, { name, sql, checksum }: Migration): Promise<void> {
  const bare = sql.startsWith('-- no transaction')
  try {
    if (!bare) await client.query('begin')
    await client.query(sql)
    await client.query('insert into migrations (name, checksum) values ($1, $2)', [name, checksum])
    if (!bare) await client.query('commit')
  } catch (error) {
    if (!bare) await client.query('rollback')
    throw new OperatorError(`Migration ${name} failed: ${(error as Error).message}.`, 'The schema is as it was before.', { cause: error })
  }
}

/** Whether the schema is the one that this version knows; what a process checks that must not migrate itself. */
export async function assertMigrated(database: Pick<Database, 'pool'>): Promise<void> {
  const migrations = readMigrations()
  const { rows } = await database.pool
    .query<{ name: string; checksum: string }>('select name, checksum from migrations order by name')
    .catch(() => ({ rows: [] }))
  assertKnown(rows, migrations)
  if (rows.length < migrations.length) {
    throw new OperatorError('The database has not been migrated to this version.', 'Run `ruadar migrate` first.')
  }
}
