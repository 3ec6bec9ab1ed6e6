import pg from 'pg'

export type Client = pg.ClientBase

/** A table and the columns that a backup takes from it, by position. */
export interface TableShape {
  name: string
  columns: string[]
}

export interface Partition {
  parent: string
  name: string
  /** As PostgreSQL writes it: `FOR VALUES FROM (…) TO (…)`. */
  bound: string
}

export interface SequenceState {
  name: string
  /** The last value that was given out, in digits. */
  value: string
}

const notOfAnExtension = `not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`

/**
 * Every table of the schema, so that a migration needs no change here; a partitioned one once, as its root. Left out are generated columns
 * and ids of transactions: those are one server's own, and the columns' defaults set them anew (docs/adr/0008).
 */
export async function readTables(client: Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(`
    select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and ${notOfAnExtension}
      and a.attgenerated = '' and a.atttypid not in ('xid'::regtype, 'xid8'::regtype)
    group by c.relname order by c.relname`)
  return rows
}

export async function readPartitions(client: Client): Promise<Partition[]> {
  const { rows } = await client.query<Partition>(`
    select p.relname::text as parent, c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bound
    from pg_class c join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relispartition
    order by p.relname, c.relname`)
  return rows
}

/** Sequences that were used; read after the rows' snapshot was taken they are past every id in it. */
export async function readSequences(client: Client): Promise<SequenceState[]> {
  const { rows } = await client.query<SequenceState>(`
    select sequencename::text as name, last_value::text as value
    from pg_sequences where schemaname = 'public' and last_value is not null order by sequencename`)
  return rows
}

/** The first thing that lies in the database already, the queue's tables included; undefined in an empty one. */
export async function findContent(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(`
    select n.nspname || '.' || c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'bullmq') and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and ${notOfAnExtension}
    order by c.relkind = 'S', c.relname limit 1`)
  return rows[0]?.name
}

/** `select` of the columns that a backup takes. */
export function selectRows({ name, columns }: TableShape): string {
  return `select ${columnList(columns)} from ${pg.escapeIdentifier(name)}`
}

export const columnList = (columns: readonly string[]): string => columns.map((column) => pg.escapeIdentifier(column)).join(', ')

/**
 * What makes the text of a row the same on every server, and what a copy of hours needs: managed servers set such limits.
 * transaction_timeout came with version 17.
 */
export async function prepareCopying(client: Client): Promise<void> {
  await client.query(`
    set local datestyle = 'ISO'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1; set local bytea_output = 'hex';
    set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0; set local lock_timeout = 0;
    select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`)
}
