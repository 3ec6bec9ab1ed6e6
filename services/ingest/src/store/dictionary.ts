import { type Db, sha256, sql } from '@ruadar/platform'

/**
 * Ids of texts and sets that are kept once. Rows are added outside of the mail's transaction: an id that was handed out stays
 * right when that transaction fails, so it can be remembered. `remembered` bounds the memory.
 */
const remembered = 20_000

type NameTable = 'domains' | 'reporters' | 'author_domains'

export interface Dictionary {
  /** Ids of names, in a map; names are added as needed. */
  names(table: NameTable, names: Iterable<string>): Promise<Map<string, number>>
  name(table: NameTable, name: string): Promise<number>
  /** Ids of authentication result sets by their canonical JSON. */
  authSets(sets: Iterable<string>): Promise<Map<string, number>>
}

export function createDictionary(db: Db): Dictionary {
  const known: Record<NameTable | 'auth_sets', Map<string, number>> = {
    domains: new Map(),
    reporters: new Map(),
    author_domains: new Map(),
    auth_sets: new Map(),
  }
  const resolve = async (
    cache: Map<string, number>,
    keys: Iterable<string>,
    load: (missing: string[]) => Promise<{ key: string; id: number }[]>,
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
      if (cache.size >= remembered) cache.clear()
      cache.set(key, id)
    }
    return found
  }
  const names = (table: NameTable, wanted: Iterable<string>) => resolve(known[table], wanted, (missing) => addNames(db, table, missing))
  return {
    names,
    async name(table, name) {
      const id = (await names(table, [name])).get(name)
      if (id === undefined) throw new Error(`no id for a name in ${table}`)
      return id
    },
    authSets: (sets) => resolve(known.auth_sets, sets, (missing) => addAuthSets(db, missing)),
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
  const { rows } = await sql<{ hash: Buffer; id: number }>`select hash, id from auth_sets where hash = any(${hashes}::bytea[])`.execute(db)
  const ids = new Map(rows.map((row) => [row.hash.toString('hex'), row.id]))
  return sets.map((key, index) => {
    const id = ids.get(hashes[index]?.toString('hex') ?? '')
    if (id === undefined) throw new Error('an authentication result set has vanished')
    return { key, id }
  })
}
