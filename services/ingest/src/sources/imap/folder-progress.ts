import { sql, type Db } from '@ruadar/platform'
import { MailboxError } from './failure.ts'
import { assertHeld, isHeld, type Lease, LeaseLost } from './fence.ts'

/** Which row of mailbox_folders is meant. A checkpoint under another UIDVALIDITY, or by who holds the mailbox no more, is never written. */
export interface FolderKey extends Lease {
  folder: string
  uidValidity: bigint
}

export interface Progress {
  storedUid: number
  settledUid: number
  /** Whether the folder was known under another UIDVALIDITY. */
  isNumberedAnew: boolean
}

/**
 * Reads how far the folder was fetched, under the UIDVALIDITY that the server states now. A changed one makes every UID
 * meaningless (RFC 3501 2.3.1.1): the folder starts again from 0, and the content hash keeps its mails from counting twice. Mails that were
 * left in it get their UIDs when they are met again; the old ones would hold back others.
 */
export async function openProgress(db: Db, key: FolderKey): Promise<Progress> {
  const { mailboxId, folder, uidValidity } = key
  const statement = sql<Progress>`
    with before as (
      select uid_validity from mailbox_folders
      where mailbox_id = ${mailboxId}::int and folder = ${folder} and uid_validity <> ${String(uidValidity)}::bigint and ${isHeld(key)}
    ), left_mails as (
      update mails set uid = null
      where mailbox_id = ${mailboxId}::int and folder = ${folder} and raw is null and raw_object is null and exists (select from before)
    )
    insert into mailbox_folders as known (mailbox_id, folder, uid_validity)
    select ${mailboxId}::int, ${folder}, ${String(uidValidity)}::bigint where ${isHeld(key)}
    on conflict (mailbox_id, folder) do update set
      uid_validity = excluded.uid_validity,
      stored_uid = case when known.uid_validity = excluded.uid_validity then known.stored_uid else 0 end,
      settled_uid = case when known.uid_validity = excluded.uid_validity then known.settled_uid else 0 end,
      fetched = case when known.uid_validity = excluded.uid_validity then known.fetched else 0 end
    returning stored_uid as "storedUid", settled_uid as "settledUid",
      exists (select from before) as "isNumberedAnew"`
  const { rows } = await inDatabase(() => statement.execute(db))
  if (!rows[0]) throw new LeaseLost(key)
  return rows[0]
}

/** Runs inside the transaction that stores the mails up to `uid`, so that one never holds without the other. */
export async function recordStored(
  trx: Db,
  key: FolderKey,
  stored: { uid: number; mails: number; total: number; remaining: number; lastMailAt: Date | null },
): Promise<void> {
  const { mailboxId, folder, uidValidity } = key
  await assertHeld(trx, key)
  await sql`
    update mailbox_folders set
      stored_uid = greatest(stored_uid, ${stored.uid}),
      fetched = fetched + ${stored.mails},
      total = ${stored.total},
      remaining = ${stored.remaining},
      last_mail_at = greatest(last_mail_at, ${stored.lastMailAt}::timestamptz)
    where mailbox_id = ${mailboxId} and folder = ${folder} and uid_validity = ${String(uidValidity)}::bigint`.execute(trx)
}

export async function recordSettled(db: Db, key: FolderKey, uid: number): Promise<void> {
  const { mailboxId, folder, uidValidity } = key
  const statement = sql`
    update mailbox_folders set settled_uid = greatest(settled_uid, ${uid})
    where mailbox_id = ${mailboxId} and folder = ${folder} and uid_validity = ${String(uidValidity)}::bigint and ${isHeld(key)}`
  await inDatabase(() => statement.execute(db))
}

/** The folder was seen complete just now, with `total` mails in it. */
export async function recordComplete(db: Db, key: FolderKey, total: number): Promise<void> {
  const { mailboxId, folder, uidValidity } = key
  const statement = sql`
    update mailbox_folders set total = ${total}, remaining = 0, synced_at = now()
    where mailbox_id = ${mailboxId} and folder = ${folder} and uid_validity = ${String(uidValidity)}::bigint and ${isHeld(key)}`
  await inDatabase(() => statement.execute(db))
}

/** UIDs between `from` and `to` whose mails are not in the database, since they were too large or unreadable. */
export async function readHeldBack(db: Db, { mailboxId, folder }: FolderKey, from: number, to: number): Promise<Set<number>> {
  const statement = sql<{ uid: number }>`
    select uid from mails
    where mailbox_id = ${mailboxId} and folder = ${folder} and uid between ${from} and ${to} and raw is null and raw_object is null`
  const { rows } = await inDatabase(() => statement.execute(db))
  return new Set(rows.map((row) => row.uid))
}

/** Says of an error on our own side that it is one: ECONNREFUSED would else be taken for the mail server's. */
export async function inDatabase<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    throw new MailboxError('failed', 'The database or the queue takes no mail at the moment; it is tried again.', { cause: error })
  }
}
