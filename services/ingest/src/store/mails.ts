import { type Db, type ObjectStore, sql } from '@ruadar/platform'
import { smallBytes } from '../intake.ts'
import { claimObjects, mapSideBySide, openRaw, putRaw } from '../raw-mails.ts'
import type { ReadMail } from './mail.ts'
import { saveOutcomes } from './outcomes.ts'

const pieceBytes = 1024 * 1024

export interface BegunMail {
  id: number
  /** How often its reading was begun, this time included. */
  starts: number
  /** Null of a mail that is too large, or was begun too often, to be read together with others. */
  raw: Buffer | null
  /** UTC epoch seconds. */
  receivedAt: number
}

/**
 * Counted in a commit that need not reach the disk: after a power cut a lower count does no harm. What ends because object storage is away
 * was no start.
 */
export async function beginMails(db: Db, mailIds: readonly number[], store: ObjectStore | null): Promise<BegunMail[]> {
  const { rows } = await sql<BegunMail & { object: Buffer | null }>`
    with fast as (select set_config('synchronous_commit', 'off', true)),
      waiting as (select id from mails where id = any(${mailIds}::bigint[]) and state = 'stored' order by id for update)
    update mails m set starts = starts + 1 from fast, waiting where m.id = waiting.id
    returning m.id, starts, extract(epoch from stored_at)::bigint as "receivedAt",
              case when starts = 1 and octet_length(raw) <= ${smallBytes} then raw end as raw,
              case when starts = 1 and size <= ${smallBytes} then raw_object end as object`.execute(db)
  rows.sort((a, b) => a.id - b.id)
  try {
    return await mapSideBySide(rows, async ({ object, ...mail }) => ({ ...mail, raw: await openRaw(store, { raw: mail.raw, object }) }))
  } catch (error) {
    await undoStarts(db, mailIds)
    throw error
  }
}

/** Takes back that mails were begun: the reason that they were not read is not theirs. */
export async function undoStarts(db: Db, mailIds: readonly number[]): Promise<void> {
  await sql`
    with waiting as (select id from mails where id = any(${mailIds}::bigint[]) and state = 'stored' and starts > 0 order by id for update)
    update mails m set starts = starts - 1 from waiting where m.id = waiting.id`.execute(db)
}

/** Waits for whoever holds the rows, if only to note when they were queued; a mail that another process has read meanwhile is no longer `stored`. */
export async function lockMails(trx: Db, mailIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from mails where id = any(${mailIds}::bigint[]) and state = 'stored' order by id for update`.execute(trx)
  return rows.map(({ id }) => id)
}

/**
 * The bytes of a locked mail, null when object storage has lost them. From the database they are fetched piece by piece: it sends them as text
 * of twice their length.
 */
export async function rawMail(
  trx: Db,
  id: number,
  store: ObjectStore | null,
): Promise<{ id: number; raw: Uint8Array | null; receivedAt: number }> {
  const { rows } = await sql<{ receivedAt: number; size: number | null; object: Buffer | null }>`
    select extract(epoch from stored_at)::bigint as "receivedAt", octet_length(raw) as size, raw_object as object
    from mails where id = ${id}`.execute(trx)
  const { receivedAt = 0, size = 0, object = null } = rows[0] ?? {}
  if (object) return { id, receivedAt, raw: await openRaw(store, { raw: null, object }) }
  const raw = new Uint8Array(size ?? 0)
  for (let start = 0; start < raw.length; start += pieceBytes) {
    const piece = await sql<{ bytes: Buffer }>`
      select substring(raw from ${start + 1}::int for ${pieceBytes}::int) as bytes from mails where id = ${id}`.execute(trx)
    raw.set(piece.rows[0]?.bytes ?? [], start)
  }
  return { id, raw, receivedAt }
}

/** Writes what became of the mails, and keeps no body of other people's mail unless that is wished. */
export async function endMails(
  trx: Db,
  mails: readonly ReadMail[],
  { sampleBodies, objects }: { sampleBodies: boolean; objects: ObjectStore | null },
): Promise<void> {
  await saveOutcomes(trx, mails)
  if (sampleBodies) return
  for (const { id, samples } of mails) if (samples.length > 0) await reduceMail(trx, id, samples, objects)
}

/**
 * Other people's mail is kept without its body: the bytes give way to what the reader made of them, to nothing when the mail held
 * several such reports. They can't be read again then with more than they say now.
 */
async function reduceMail(trx: Db, mailId: number, samples: ReadMail['samples'], objects: ObjectStore | null): Promise<void> {
  // One that was not taken has no rows: its bytes are all there is, to be read again once its domain is listed. They go by their age.
  if (samples.some(({ isStored }) => !isStored)) return
  const [only] = samples
  const reduced = samples.length === 1 && only ? only.reduced : null
  const { rows } = await sql<{ outside: boolean }>`
    select raw_object is not null as outside from mails where id = ${mailId} and (raw is not null or raw_object is not null)`.execute(trx)
  const [bytes] = rows
  if (!bytes) return
  const object = reduced !== null && bytes.outside && objects ? await putRaw(trx, objects, Buffer.from(reduced)) : null
  await sql`
    update mails set reduced = true, raw = ${reduced === null || object ? null : Buffer.from(reduced)}::bytea, raw_object = ${object}::bytea
    where id = ${mailId}`.execute(trx)
  await claimObjects(trx, [object])
}
