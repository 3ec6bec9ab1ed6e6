import type { Database, Log } from '@ruadar/platform'
import type { ImapFlow } from 'imapflow'
import type { Intake } from '../../intake.ts'
import type { Afterwards } from '../source.ts'
import { deleteOld, settle, type AfterwardsContext } from './afterwards.ts'
import { fetchBatches, type Batch } from './batch.ts'
import { MailboxError } from './failure.ts'
import type { Lease } from './fence.ts'
import { inDatabase, openProgress, recordComplete, recordStored, type FolderKey } from './folder-progress.ts'
import { fetchLeftMails } from './left-mail.ts'
import { listNext, type ListedMail } from './listing.ts'
import type { Suspects } from './suspects.ts'

/** One folder of one mailbox, with what outlives a connection. */
export interface Folder {
  lease: Lease
  name: string
  afterwards: Afterwards
  mailMaxBytes: number
  suspects: Suspects
  database: Database
  intake: Intake
  log: Log
  /** When old mails, and those left behind, were last looked for, by the clock that nobody sets; null: not yet. */
  tendedAt: number | null
}

/** `remaining`: mails that are still to be fetched. `stored`: mails that were committed in this step. */
export type OnProgress = (step: { remaining: number; stored: number }) => void

const numberedAnew = 'The mail server has numbered the mails of the folder anew (UIDVALIDITY): they are looked at again, and counted once'

/** Deleting after N days, and trying again what was refused, need no haste. */
const tendEvery = 3_600_000

/**
 * Fetches everything that is new in the open folder, then does what the operator wishes with it. Memory does not grow with the
 * folder: it holds one window of UIDs and two batches, one that is being stored while the next is fetched.
 * `onProgress` is told of each step. Rejects when the connection or the database fails; what
 * was committed until then stays.
 */
export async function syncFolder(client: ImapFlow, folder: Folder, onProgress: OnProgress): Promise<void> {
  const { mailbox } = client
  if (!mailbox) throw new MailboxError('failed', `The folder ${folder.name} is not open.`)
  const { db } = folder.database
  const key: FolderKey = { ...folder.lease, folder: folder.name, uidValidity: readUidValidity(mailbox) }
  const progress = await openProgress(db, key)
  if (progress.isNumberedAnew) folder.log.warn({ folder: folder.name, uidValidity: String(key.uidValidity) }, numberedAnew)
  const context: AfterwardsContext = { client, db, key, afterwards: folder.afterwards, mailMaxBytes: folder.mailMaxBytes }

  await settle(context, progress.settledUid + 1, progress.storedUid)
  let { storedUid } = progress
  for (let listed = await listNext(client, storedUid + 1); listed.length > 0; listed = await listNext(client, storedUid + 1)) {
    const from = storedUid + 1
    onProgress({ remaining: remainingAfter(client, listed[0]) + 1, stored: 0 })
    storedUid = await storeWindow(client, folder, key, listed, onProgress)
    await settle(context, from, storedUid)
  }
  await tend(context, folder, storedUid)
  await recordComplete(db, key, client.mailbox ? client.mailbox.exists : 0)
}

/** RFC 3501 7.1 asks for it; a server that states none is taken at its word that its UIDs never change. */
function readUidValidity(mailbox: { uidValidity?: bigint }): bigint {
  return mailbox.uidValidity ?? 0n
}

/** What a folder needs now and then. */
async function tend(context: AfterwardsContext, folder: Folder, storedUid: number): Promise<void> {
  const { afterwards } = folder
  const now = performance.now()
  const due = folder.tendedAt === null || now - folder.tendedAt > tendEvery
  if (due) folder.tendedAt = now // before anything is tried: a mail that ends the connection does it once an hour
  if (due) await fetchLeftMails(context, folder.intake, storedUid)
  if (due || (afterwards.action === 'delete' && afterwards.days === 0)) await deleteOld(context, storedUid, new Date())
}

/** Stores the mails of one window; returns the last UID, up to which all is committed. */
async function storeWindow(
  client: ImapFlow,
  folder: Folder,
  key: FolderKey,
  listed: readonly ListedMail[],
  onProgress: OnProgress,
): Promise<number> {
  const { name, mailMaxBytes, suspects } = folder
  const arrivals = new Map(listed.map((mail) => [mail.uid, mail.arrivedAt]))
  let storing: Promise<void> = Promise.resolve()
  try {
    for await (const batch of fetchBatches(
      { client, mailboxId: key.mailboxId, folder: name, uidValidity: key.uidValidity, mailMaxBytes, suspects },
      listed,
    )) {
      await storing
      const remaining = remainingAfter(client, batch.last)
      storing = storeBatch(folder, key, batch, { total: client.mailbox ? client.mailbox.exists : 0, remaining, arrivals })
      storing.then(
        () => onProgress({ remaining, stored: batch.items.length }),
        () => undefined, // awaited below
      )
    }
  } finally {
    await storing
  }
  return listed.at(-1)?.uid ?? 0
}

async function storeBatch(
  folder: Folder,
  key: FolderKey,
  { items, last }: Batch,
  state: { total: number; remaining: number; arrivals: ReadonlyMap<number, Date | null> },
): Promise<void> {
  let lastMailAt: Date | null = null
  for (const { uid } of items) {
    const at = state.arrivals.get(uid ?? 0)
    if (at && (lastMailAt === null || at > lastMailAt)) lastMailAt = at
  }
  const { total, remaining } = state
  const checkpoint = { uid: last.uid, mails: items.length, total, remaining, lastMailAt }
  await inDatabase(() => folder.intake(items, (trx) => recordStored(trx, key, checkpoint)))
}

function remainingAfter(client: ImapFlow, mail: ListedMail | undefined): number {
  return Math.max(0, (client.mailbox ? client.mailbox.exists : 0) - (mail?.seq ?? 0))
}
