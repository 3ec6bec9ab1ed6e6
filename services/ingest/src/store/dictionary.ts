import { type Db, sha256, sql } from '@ruadar/platform'
import { holdNames } from './dictionary-version.ts'
import { createMonths, type Months } from './months.ts'

/**
 * Ids of texts and sets that are kept once. Rows are added outside of the mail's transaction: an id that was handed out stays
 * right when that transaction fails, so it can be remembered. `remembered` bounds the memory.
 */
const remembered = 20_000
/** Ways are many more, and short. */
const rememberedWays = 100_000

type NameTable = 'domains' | 'reporters' | 'author_domains'

/** What rows refer to. */
export interface Dictionary {
  /** Before it is used in a transaction: names that it hands out are not deleted until that ends. */
  hold(trx: Db): Promise<void>
  /** Where rows of a day lie. */
  months: Months
  /** Ids of names, in a map; names are added as needed. */
  names(table: NameTable, names: Iterable<string>): Promise<Map<string, number>>
  name(table: NameTable, name: string): Promise<number>
  /** Ids of authentication result sets by their canonical JSON. */
  authSets(sets: Iterable<string>): Promise<Map<string, number>>
  /** Ids of ways by `wayKey`. */
  ways(keys: Iterable<string>): Promise<Map<string, number>>
  /** Ids of notes by their JSON, `{ envelopeTo, overrides }`; 0 for ''. */
  notes(notes: Iterable<string>): Promise<Map<string, number>>
}

/** A way as a text: Author Domain's id, authentication result set's id, source ('' for none). */
export const wayKey = (authorId: number | undefined, authSetId: number | undefined, source: string): string =>
  `${authorId} ${authSetId} ${source}`

export function createDictionary(db: Db): Dictionary {
  const known: Record<NameTable | 'auth_sets' | 'ways' | 'record_notes', Map<string, number>> = {
    domains: new Map(),
    reporters: new Map(),
    author_domains: new Map(),
    auth_sets: new Map(),
    ways: new Map(),
    record_notes: new Map(),
  }
  const resolve = async (
    cache: Map<string, number>,
    keys: Iterable<string>,
    load: (missing: string[]) => Promise<{ key: string; id: number }[]>,
    most = remembered,
  ) => {
    const found = new Map<string, number>()
    const missing = new Set<string>()
    for (const key of keys) {
      const id = cache.get(key)
      if (id === undefined) missing.add(key)
      else found.set(key, id)
    }
    if (missing.size === 0) return found
    // Sorted: two processes that add the same keys wait for each other instead of locking each other out.
    for (const { key, id } of await load([...missing].sort())) {
      found.set(key, id)
      if (cache.size >= most) cache.clear()
      cache.set(key, id)
    }
    return found
  }
  const names = (table: NameTable, wanted: Iterable<string>) => resolve(known[table], wanted, (missing) => addNames(db, table, missing))
  let version = -1
  return {
    async hold(trx) {
      const now = await holdNames(trx)
      if (now !== version) for (const cache of Object.values(known)) cache.clear()
      version = now
    },
    months: createMonths(db),
    names,
    async name(table, name) {
      const id = (await names(table, [name])).get(name)
      if (id === undefined) throw new Error(`no id for a name in ${table}`)
      return id
    },
    authSets: (sets) => resolve(known.auth_sets, sets, (missing) => addAuthSets(db, missing)),
    ways: (keys) => resolve(known.ways, keys, (missing) => addWays(db, missing), rememberedWays),
    async notes(notes) {
      const written = [...notes].filter((note) => note !== '')
      return (await resolve(known.record_notes, written, (missing) => addNotes(db, missing))).set('', 0)
    },
  }
}

async function addNames(db: Db, table: NameTable, names: string[]): Promise<{ key: string; id: number }[]> {
  await sql`
    insert into ${sql.table(table)} (name) select unnest(${names}::text[])
    on conflict (name) do nothing`.execute(db)
  const { rows } = await sql<{ key: string; id: number }>`
    select name as key, id from ${sql.table(table)} where name = any(${names}::text[])`.execute(db)
  return rows
}

async function addAuthSets(db: Db, sets: string[]): Promise<{ key: string; id: number }[]> {
  const hashes = sets.map((set) => sha256(set))
  await sql`
    insert into auth_sets (hash, envelope_from, dkim, spf)
    select hash, body->>'envelopeFrom', body->'dkim', body->'spf'
    from unnest(${hashes}::bytea[], ${sets}::jsonb[]) as given(hash, body)
    on conflict (hash) do nothing`.execute(db)
  return idsByHash(db, 'auth_sets', sets, hashes)
}

async function addWays(db: Db, keys: string[]): Promise<{ key: string; id: number }[]> {
  const parts = keys.map((key) => key.split(' '))
  const given = sql`unnest(
    ${parts.map(([, , source]) => source || '::')}::inet[], ${parts.map(([author]) => author)}::int[], ${parts.map(([, authSet]) => authSet)}::bigint[]
  ) with ordinality as given (source_ip, author_domain_id, auth_set_id, place)`
  await sql`
    insert into ways (source_ip, author_domain_id, auth_set_id) select source_ip, author_domain_id, auth_set_id from ${given} order by place
    on conflict do nothing`.execute(db)
  const { rows } = await sql<{ place: number; id: number }>`
    select given.place, w.id from ${given}
      join ways w on w.source_ip = given.source_ip and w.author_domain_id = given.author_domain_id and w.auth_set_id = given.auth_set_id`.execute(
    db,
  )
  return rows.map(({ place, id }) => ({ key: keys[place - 1] ?? '', id }))
}

async function addNotes(db: Db, notes: string[]): Promise<{ key: string; id: number }[]> {
  const hashes = notes.map((note) => sha256(note))
  await sql`
    insert into record_notes (hash, envelope_to, overrides)
    select hash, body->>'envelopeTo', nullif(body->'overrides', '[]')
    from unnest(${hashes}::bytea[], ${notes}::jsonb[]) as given(hash, body)
    on conflict (hash) do nothing`.execute(db)
  return idsByHash(db, 'record_notes', notes, hashes)
}

async function idsByHash(
  db: Db,
  table: 'auth_sets' | 'record_notes',
  texts: readonly string[],
  hashes: readonly Buffer[],
): Promise<{ key: string; id: number }[]> {
  const { rows } = await sql<{
    hash: Buffer
    id: number
  }>`select hash, id from ${sql.table(table)} where hash = any(${hashes}::bytea[])`.execute(db)
  const ids = new Map(rows.map((row) => [row.hash.toString('hex'), row.id]))
  return texts.map((key, index) => {
    const id = ids.get(hashes[index]?.toString('hex') ?? '')
    if (id === undefined) throw new Error(`an entry of ${table} has vanished`)
    return { key, id }
  })
}
