import { type Db, sql } from '@ruadar/platform'
import { smallBytes } from '../intake.ts'
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

/** Counted in a commit that need not reach the disk: after a power cut a lower count does no harm. */
export async function beginMails(db: Db, mailIds: readonly number[]): Promise<BegunMail[]> {
  const { rows } = await sql<BegunMail>`
    with fast as (select set_config('synchronous_commit', 'off', true)),
      waiting as (select id from mails where id = any(${mailIds}::bigint[]) and state = 'stored' order by id for update)
    update mails m set starts = starts + 1 from fast, waiting where m.id = waiting.id
    returning m.id, starts, extract(epoch from stored_at)::bigint as "receivedAt",
              case when starts = 1 and octet_length(raw) <= ${smallBytes} then raw end as raw`.execute(db)
  return rows.sort((a, b) => a.id - b.id)
}

/** Waits for whoever holds the rows, if only to note when they were queued; a mail that another process has read meanwhile is no longer `stored`. */
export async function lockMails(trx: Db, mailIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from mails where id = any(${mailIds}::bigint[]) and state = 'stored' order by id for update`.execute(trx)
  return rows.map(({ id }) => id)
}

/** The bytes of a locked mail, fetched piece by piece: the database sends them as text of twice their length. */
export async function rawMail(trx: Db, id: number): Promise<{ id: number; raw: Uint8Array; receivedAt: number }> {
  const { rows } = await sql<{ receivedAt: number; size: number | null }>`
    select extract(epoch from stored_at)::bigint as "receivedAt", octet_length(raw) as size from mails where id = ${id}`.execute(trx)
  const { receivedAt = 0, size = 0 } = rows[0] ?? {}
  const raw = new Uint8Array(size ?? 0)
  for (let start = 0; start < raw.length; start += pieceBytes) {
    const piece = await sql<{ bytes: Buffer }>`
      select substring(raw from ${start + 1}::int for ${pieceBytes}::int) as bytes from mails where id = ${id}`.execute(trx)
    raw.set(piece.rows[0]?.bytes ?? [], start)
  }
  return { id, raw, receivedAt }
}

/** Writes what became of the mails, and keeps no body of other people's mail unless that is wished. */
export async function endMails(trx: Db, mails: readonly ReadMail[], sampleBodies: boolean): Promise<void> {
  await saveOutcomes(trx, mails)
  if (sampleBodies) return
  for (const { id, samples } of mails) if (samples.length > 0) await reduceMail(trx, id, samples)
}

/**
 * Other people's mail is kept without its body: the bytes give way to what the reader made of them, to nothing when the mail held
 * several such reports. They can't be read again then with more than they say now.
 */
async function reduceMail(trx: Db, mailId: number, samples: ReadMail['samples']): Promise<void> {
  // One that was not taken has no rows: its bytes are all there is, to be read again once its domain is listed. They go by their age.
  if (samples.some(({ isStored }) => !isStored)) return
  const [only] = samples
  const reduced = samples.length === 1 && only ? only.reduced : null
  await sql`
    update mails set reduced = true, raw = ${reduced === null ? null : Buffer.from(reduced)}::bytea where id = ${mailId} and raw is not null`.execute(
    trx,
  )
}
