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

/** Statements that bring back what was taken away for the time of loading. */
export type TakenAway = string[]

/** Takes foreign keys away: checked once over whole tables they cost least, and tables may come in any order. */
export async function dropReferences(client: Client): Promise<TakenAway> {
  const { rows } = await client.query<{ drop: string; restore: string }>(`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as restore
    from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace order by 1`)
  for (const { drop } of rows) await client.query(drop)
  return rows.map(({ restore }) => restore)
}

/** Takes indexes away that are no key: sorted at once they are made in a fraction of the time. Those of partitions follow their root's. */
export async function dropIndexes(client: Client): Promise<TakenAway> {
  const { rows } = await client.query<{ drop: string; restore: string }>(`
    select format('drop index %s', i.indexrelid::regclass) as drop, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as restore
    from pg_index i join pg_class c on c.oid = i.indrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by 1`)
  for (const { drop } of rows) await client.query(drop)
  return rows.map(({ restore }) => restore)
}

export async function bringBack(client: Client, statements: TakenAway): Promise<void> {
  await client.query(`set local maintenance_work_mem = '256MB'`)
  for (const statement of statements) await client.query(statement)
}

export async function setSequences(client: Client, sequences: readonly SequenceState[]): Promise<void> {
  for (const { name, value: last } of sequences) {
    await client.query('select setval(to_regclass($1), $2::bigint) where to_regclass($1) is not null', [
      `public.${pg.escapeIdentifier(name)}`,
      last,
    ])
  }
}
