import pg from 'pg'
import type { Client, Partition, SequenceState } from './catalogue.ts'
import { damaged } from './format.ts'

/** What PostgreSQL writes for a bound and nothing else, as it becomes a part of a statement. */
const value = String.raw`(?:'[^'\\]*'|-?\d+|MINVALUE|MAXVALUE|NULL)`
const values = String.raw`\(${value}(?:, ${value})*\)`
const boundPattern = new RegExp(
  String.raw`^(?:DEFAULT|FOR VALUES (?:FROM ${values} TO ${values}|IN ${values}|WITH \(modulus \d+, remainder \d+\)))$`,
)

/** Makes the partitions that the migrations have not made: those came with the rows. */
export async function makePartitions(client: Client, partitions: readonly Partition[]): Promise<void> {
  for (const { parent, name, bound } of partitions) {
    if (!boundPattern.test(bound)) throw damaged(`the bounds of ${name}`)
    await client.query(`create table if not exists ${pg.escapeIdentifier(name)} partition of ${pg.escapeIdentifier(parent)} ${bound}`)
  }
}

export interface Reference {
  table: string
  name: string
  definition: string
}

/** Takes foreign keys away: checked once over whole tables they cost least, and tables may come in any order. */
export async function dropReferences(client: Client): Promise<Reference[]> {
  const { rows } = await client.query<Reference>(`
    select conrelid::regclass::text as "table", conname::text as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace order by 1, 2`)
  for (const { table, name } of rows) await client.query(`alter table ${table} drop constraint ${pg.escapeIdentifier(name)}`)
  return rows
}

export async function restoreReferences(client: Client, references: readonly Reference[]): Promise<void> {
  for (const { table, name, definition } of references) {
    await client.query(`alter table ${table} add constraint ${pg.escapeIdentifier(name)} ${definition}`)
  }
}

export async function setSequences(client: Client, sequences: readonly SequenceState[]): Promise<void> {
  for (const { name, value: last } of sequences) {
    await client.query('select setval(to_regclass($1), $2::bigint) where to_regclass($1) is not null', [
      `public.${pg.escapeIdentifier(name)}`,
      last,
    ])
  }
}
