import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'
import type { Database } from './database.ts'
import { OperatorError } from './operator-error.ts'
import { sha256 } from './secrets.ts'

/** Numbered SQL files, forward only. From src and from dist alike this is the checkout's folder. */
const folder = new URL('../../../migrations/', import.meta.url)
/** "RUAD" as a number: one starter migrates at a time, the others wait and find it done. */
const lockKey = 0x52554144

const ledgerTable =
  'create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())'

/** A row of the table `migrations`. */
export interface AppliedMigration {
  name: string
  checksum: string
}

interface Migration extends AppliedMigration {
  sql: string
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
    await client.query(ledgerTable)
    const ledger = await readLedger(client)
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

function assertKnown(ledger: readonly AppliedMigration[], migrations: readonly Migration[]): void {
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

/** What was applied to a database; nothing where there is no such table. */
export async function readLedger(client: pg.ClientBase | pg.Pool): Promise<AppliedMigration[]> {
  const { rows: found } = await client.query(`select to_regclass('public.migrations') is not null as there`)
  if (!found[0]?.there) return []
  const { rows } = await client.query<AppliedMigration>('select name, checksum from migrations order by name')
  return rows
}

/** Refuses what a newer Ruadar has migrated, or whose files were changed since. */
export function assertKnownSchema(ledger: readonly AppliedMigration[]): void {
  assertKnown(ledger, readMigrations())
}

/**
 * Builds an earlier schema in an empty database, within the caller's transaction; the rows of `migrations` are the caller's to write.
 * Waits for whoever migrates this database, and makes them wait.
 */
export async function buildSchema(client: pg.ClientBase, ledger: readonly AppliedMigration[]): Promise<void> {
  const wanted = new Set(ledger.map(({ name }) => name))
  await client.query('select pg_advisory_xact_lock($1)', [lockKey])
  await client.query(ledgerTable)
  for (const { name, sql } of readMigrations()) {
    // Nobody waits for the index of an empty table, and in a transaction `concurrently` is refused.
    if (wanted.has(name)) await client.query(sql.startsWith('-- no transaction') ? sql.replaceAll(/\bconcurrently\b/gi, '') : sql)
  }
}

/** Whether the schema is the one that this version knows; what a process checks that must not migrate itself. */
export async function assertMigrated(database: Pick<Database, 'pool'>): Promise<void> {
  const migrations = readMigrations()
  const ledger = await readLedger(database.pool)
  assertKnown(ledger, migrations)
  if (ledger.length < migrations.length) {
    throw new OperatorError('The database has not been migrated to this version.', 'Run `ruadar migrate` first.')
  }
}
