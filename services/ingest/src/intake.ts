import { counted, type Database, type Db, type Log, type MailQueue, type ObjectStore, sha256, sql } from '@ruadar/platform'
import { claimObjects, putNewRaws } from './raw-mails.ts'

/** A mail or file on its way in. `raw` is null when it was too large to take; `identity` then tells it from others. */
export interface NewMail {
  raw: Uint8Array | null
  origin: 'imap' | 'import' | 'upload' | 'sample'
  filename?: string | undefined
  mailboxId?: number | undefined
  folder?: string | undefined
  uid?: number | undefined
  /** Bytes, where `raw` does not tell. */
  size?: number | undefined
  subject?: string | undefined
  sender?: string | undefined
  identity?: string | undefined
  /** Why it cannot be read: it goes to quarantine at once. */
  rejected?: { code: string; message: string } | undefined
}

export interface StoredMail {
  id: number
  /** False when these very bytes were here before. */
  isNew: boolean
}

/** Stores the raw bytes, runs `inTransaction` in the same transaction, commits, and only then queues the ids. */
export type Intake = (items: readonly NewMail[], inTransaction?: (trx: Db) => Promise<void>) => Promise<StoredMail[]>

export interface IntakeContext {
  database: Database
  queue: MailQueue
  log: Log
  /** Seconds after which the server ends a transaction whose process says nothing: one that was stopped must not keep others from its mails. */
  idleSeconds?: number
  /** Where the bytes go; left out or null: into the database. */
  objects?: ObjectStore | null
}

export function createIntake({ database, queue, log, idleSeconds = 15, objects = null }: IntakeContext): Intake {
  return async (items, inTransaction) => {
    const raws = items.map(({ raw }) => raw)
    const keys = objects ? await putNewRaws(database.db, objects, raws) : []
    const stored = await database.db.transaction().execute(async (trx) => {
      await sql`select set_config('idle_in_transaction_session_timeout', ${String(idleSeconds * 1000)}, true)`.execute(trx)
      const mails = await storeMails(trx, items, keys)
      await claimObjects(trx, keys)
      await inTransaction?.(trx)
      return mails
    })
    noteStored(log, items, stored)
    const waiting = stored
      .map(({ id, isNew }, index) => ({ id, size: items[index]?.raw?.byteLength ?? 0, isWaiting: isNew && !items[index]?.rejected }))
      .filter(({ isWaiting }) => isWaiting)
    try {
      await queueMails(database.db, queue, waiting)
    } catch (error) {
      log.warn({ err: error, mails: waiting.map(({ id }) => id) }, 'mails are stored, but the queue is away; the sweep will queue them')
    }
    return stored
  }
}

/** One line a mail leads from the mailbox to the id that every later line carries. */
function noteStored(log: Log, items: readonly NewMail[], stored: readonly StoredMail[]): void {
  for (const [index, { id: mail, isNew }] of stored.entries()) {
    const item = items[index]
    if (!item || !isNew) continue
    const { origin, mailboxId: mailbox, folder, uid, rejected } = item
    counted.mailsStored.inc({ origin })
    if (rejected) counted.mailsRead.inc({ outcome: 'quarantined' })
    log[rejected ? 'info' : 'debug']({ mail, origin, mailbox, folder, uid, code: rejected?.code }, 'mail stored')
  }
}

/** A backfill's mails are read and committed so many at a time: a job and a commit for each would cost more than the reading. */
const mailsPerJob = 50
/** Bytes of a mail that is read together with others, at most. */
export const smallBytes = 256 * 1024

/** Queues mails that are committed: small ones together, large ones by themselves. What dies between the commit and this line is found by the sweep. */
export async function queueMails(
  db: Db,
  queue: MailQueue,
  mails: readonly { id: number; size: number }[],
  options: { anew?: boolean } = {},
): Promise<void> {
  if (mails.length === 0) return
  const jobs: number[][] = mails.filter(({ size }) => size > smallBytes).map(({ id }) => [id])
  const small = mails.filter(({ size }) => size <= smallBytes).map(({ id }) => id)
  for (let from = 0; from < small.length; from += mailsPerJob) jobs.push(small.slice(from, from + mailsPerJob))
  await queue.add(jobs, options)
  const ids = mails.map(({ id }) => id)
  // Locked in their order: a worker may have begun them, and two statements that lock the same rows crosswise would end each other.
  await sql`
    with mine as (select id from mails where id = any(${ids}::bigint[]) order by id for update)
    update mails m set queued_at = now() from mine where m.id = mine.id`.execute(db)
}

/**
 * Inserts mails that are not here yet, by the SHA-256 of their bytes. The answer has the order of `items`. `keys`, in the same order: of those
 * whose bytes are in object storage already.
 */
export async function storeMails(db: Db, items: readonly NewMail[], keys: readonly (Buffer | null)[] = []): Promise<StoredMail[]> {
  if (items.length === 0) return []
  const hashes = items.map((item) => sha256(item.raw ?? `no bytes: ${item.identity ?? item.filename}`))
  const names = hashes.map((hash) => hash.toString('hex'))
  const first = items.map((item, index) => ({ item, index })).filter(({ index }) => names.indexOf(names[index] ?? '') === index)
  // Sorted: two processes that store the same mails wait for each other instead of locking each other out.
  first.sort((a, b) => ((names[a.index] ?? '') < (names[b.index] ?? '') ? -1 : 1))
  const rows = first.map(
    ({ item, index }) =>
      sql`(${hashes[index]}::bytea, ${item.origin}::mail_origin, ${item.mailboxId ?? null}::int, ${item.folder ?? null}, ${item.uid ?? null}::bigint,
           ${clean(item.filename)}, ${clean(item.subject)}, ${clean(item.sender)}, ${item.raw?.byteLength ?? item.size ?? 0}::bigint, ${item.raw === null || keys[index] ? null : Buffer.from(item.raw.buffer, item.raw.byteOffset, item.raw.byteLength)}::bytea, ${keys[index] ?? null}::bytea,
           ${item.rejected ? 'quarantined' : 'stored'}::mail_state)`,
  )
  const inserted = await sql<{ id: number; hash: Buffer }>`
    insert into mails (hash, origin, mailbox_id, folder, uid, filename, subject, sender, size, raw, raw_object, state)
    values ${sql.join(rows)}
    on conflict (hash) do nothing
    returning id, hash`.execute(db)
  const newIds = new Map(inserted.rows.map((row) => [row.hash.toString('hex'), row.id]))
  const known = await knownIds(
    db,
    hashes.filter((_, index) => !newIds.has(names[index] ?? '')),
  )
  const stored = names.map((name, index) => {
    const id = newIds.get(name) ?? known.get(name)
    if (id === undefined) throw new Error('a stored mail has vanished')
    return { id, isNew: newIds.has(name) && names.indexOf(name) === index }
  })
  await storeRejections(db, items, stored)
  await followRejections(db, items, stored)
  return stored
}

async function knownIds(db: Db, hashes: readonly Buffer[]): Promise<Map<string, number>> {
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ id: number; hash: Buffer }>`select id, hash from mails where hash = any(${hashes}::bytea[])`.execute(db)
  return new Map(rows.map((row) => [row.hash.toString('hex'), row.id]))
}

async function storeRejections(db: Db, items: readonly NewMail[], stored: readonly StoredMail[]): Promise<void> {
  for (const [index, { rejected }] of items.entries()) {
    const mail = stored[index]
    if (!rejected || !mail?.isNew) continue
    await sql`
      insert into mail_outcomes (mail_id, place, part, outcome, code, message)
      values (${mail.id}, 1, '', 'quarantined', ${rejected.code}, ${rejected.message})`.execute(db)
  }
}

/** A mail that was left in its mailbox is known by its place there: when it is met at another one, that counts. */
async function followRejections(db: Db, items: readonly NewMail[], stored: readonly StoredMail[]): Promise<void> {
  for (const [index, { rejected, mailboxId, folder, uid }] of items.entries()) {
    const mail = stored[index]
    if (!rejected || !mail || mail.isNew) continue
    await sql`
      update mails set mailbox_id = ${mailboxId ?? null}::int, folder = ${folder ?? null}, uid = ${uid ?? null}::bigint
      where id = ${mail.id} and raw is null and raw_object is null and state = 'quarantined'`.execute(db)
  }
}

/** Text for a column: PostgreSQL's text takes no NUL, and nobody needs more of a header than this. */
export function clean(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : text.replaceAll('\0', '').slice(0, 1000)
}
