import { type Db, type ObjectStore, openObjectStore, OperatorError, type Settings, sha256, sql } from '@ruadar/platform'

/** Where a mail's bytes lie: in its row, or in object storage under a key; both null when they are nowhere (any more). */
export interface Kept {
  raw: Buffer | null
  object: Buffer | null
}

/** Objects that are written or read side by side. */
const sideBySide = 8

/** The object storage of the settings; null when raw mails are kept in the database. */
export function openRawMails({ rawMail }: Pick<Settings, 'rawMail'>): ObjectStore | null {
  return rawMail && openObjectStore(rawMail)
}

/**
 * Writes the bytes of mails that are not here yet to object storage, before their rows are committed. The answer has the order of `raws`: the
 * key of each, null where nothing was written. Each is noted as spare first, and is removed after a while should no row come to refer to it.
 */
export async function putNewRaws(db: Db, store: ObjectStore, raws: readonly (Uint8Array | null)[]): Promise<(Buffer | null)[]> {
  const keys = raws.map((raw) => (raw === null ? null : sha256(raw)))
  const given = keys.filter((key) => key !== null)
  const { rows } = await sql<{ hash: Buffer }>`select hash from mails where hash = any(${given}::bytea[])`.execute(db)
  const known = new Set(rows.map(({ hash }) => hash.toString('hex')))
  const wanted = keys.map((key) => (key === null || known.has(key.toString('hex')) ? null : key))
  await noteSpare(
    db,
    wanted.filter((key) => key !== null),
  )
  return mapSideBySide(raws, async (raw, index) => (raw === null || !wanted[index] ? null : store.put(raw)))
}

/** For bytes that take the place of others, inside the transaction that says so. */
export async function putRaw(db: Db, store: ObjectStore, bytes: Uint8Array): Promise<Buffer> {
  await noteSpare(db, [sha256(bytes)])
  return store.put(bytes)
}

/** Of objects that rows now refer to, in the transaction that writes these. */
export async function claimObjects(trx: Db, keys: readonly (Buffer | null)[]): Promise<void> {
  const claimed = keys.filter((key) => key !== null)
  if (claimed.length === 0) return
  await sql`
    delete from spare_objects s where object = any(${claimed}::bytea[])
      and exists (select from mails m where m.raw_object = s.object)`.execute(trx)
}

/** The bytes of a mail; null when there are none. Rejects with ObjectStoreError when the storage is away. */
export async function openRaw(store: ObjectStore | null, { raw, object }: Kept): Promise<Buffer | null> {
  if (object === null) return raw
  if (!store) throw new OperatorError('Raw mails lie in object storage, and this process does not know which.', 'Set RUADAR_RAW_MAIL.')
  return store.get(object)
}

export async function mapSideBySide<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const done: R[] = []
  let next = 0
  const run = async () => {
    for (let index = next++; index < items.length; index = next++) done[index] = await work(items[index] as T, index)
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, items.length) }, run))
  return done
}

/** In the order of their keys, so that two processes wait for each other instead of locking each other out. */
async function noteSpare(db: Db, keys: readonly Buffer[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    insert into spare_objects (object) select distinct object from unnest(${keys}::bytea[]) object order by object
    on conflict (object) do update set since = now()`.execute(db)
}
