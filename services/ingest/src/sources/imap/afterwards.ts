import type { Db } from '@ruadar/platform'
import type { ImapFlow } from 'imapflow'
import type { Afterwards, MailboxDefinition } from '../source.ts'
import { connectionEnded, MailboxError, refusal } from './failure.ts'
import { assertHeld } from './fence.ts'
import { inDatabase, readHeldBack, recordSettled, type FolderKey } from './folder-progress.ts'
import { listRange, toSequenceSet, windowSize, type ListedMail } from './listing.ts'

export interface AfterwardsContext {
  client: ImapFlow
  db: Db
  key: FolderKey
  afterwards: Afterwards
  mailMaxBytes: number
}

/** Throws for a wish that would feed on itself: moved mails come back as new ones of a watched folder, for ever. */
export function assertAfterwards({ afterwards, folders }: MailboxDefinition): void {
  if (afterwards.action !== 'move') return
  const target = canonical(afterwards.folder)
  if (folders.some((folder) => canonical(folder) === target)) {
    throw new MailboxError('failed', `Mails cannot be moved to ${afterwards.folder}, since it is watched itself: choose another folder.`)
  }
}

/** Makes the folder that mails are moved to when it does not exist yet. Once for each connection. */
export async function prepareTarget(client: ImapFlow, afterwards: Afterwards): Promise<void> {
  if (afterwards.action !== 'move') return
  const target = canonical(afterwards.folder)
  const folders = await client.list()
  if (!folders.some((folder) => canonical(folder.path) === target)) await client.mailboxCreate(afterwards.folder)
}

/**
 * Marks or moves the mails with UIDs from `from` to `to`, all of which are committed. Mails that are not in the database stay
 * as they are. Running it again, after a crash between the two steps, changes nothing more.
 */
export async function settle(context: AfterwardsContext, from: number, to: number): Promise<void> {
  const { client, afterwards, db, key } = context
  if (afterwards.action !== 'seen' && afterwards.action !== 'move') return
  for (let start = from; start <= to; start += windowSize) {
    const end = Math.min(start + windowSize - 1, to)
    const stored = await keepStored(context, await listRange(client, start, end))
    if (stored.length > 0) {
      await inDatabase(() => assertHeld(db, key))
      if (afterwards.action === 'seen') await markSeen(client, key.folder, stored)
      else await moveMails(client, stored, afterwards.folder)
    }
    await recordSettled(db, key, end)
  }
}

/** Deletes stored mails that the server got more than `days` days before `now`. */
export async function deleteOld(context: AfterwardsContext, storedUid: number, now: Date): Promise<void> {
  const { client, afterwards, db, key } = context
  if (afterwards.action !== 'delete' || storedUid === 0) return
  if (!client.capabilities.has('UIDPLUS')) {
    // RFC 4315: without UID EXPUNGE every mail that anybody flagged as deleted would go.
    throw new MailboxError('failed', 'The server cannot delete single mails (UIDPLUS): let Ruadar move them to a folder instead.')
  }
  const before = new Date(now.getTime() - afterwards.days * 86_400_000)
  // SEARCH BEFORE knows whole days of the server's time zone only: a day more is asked for, and the time compared here.
  const day = new Date(before.getTime() + 2 * 86_400_000)
  const found = await client.search({ uid: `1:${storedUid}`, before: day }, { uid: true })
  if (!Array.isArray(found)) throw refusal(client, 'The server refused to search for mails to delete.')
  for (let at = 0; at < found.length; at += windowSize) {
    const uids = found.slice(at, at + windowSize)
    const listed = await listRange(client, Math.min(...uids), Math.max(...uids))
    const chosen = new Set(uids)
    const old = listed.filter(
      (mail) => chosen.has(mail.uid) && mail.uid <= storedUid && mail.arrivedAt !== null && mail.arrivedAt <= before,
    )
    const stored = await keepStored(context, old)
    if (stored.length === 0) continue
    await inDatabase(() => assertHeld(db, key))
    const refused = `The server does not delete mails from ${key.folder}: check the rights of the user.`
    await changeMails(client, stored, { goesAway: true, command: (uids) => client.messageDelete(uids, { uid: true }), refused })
  }
}

/** Leaves out mails that are not in the database: too large when they came, or too large now. */
async function keepStored({ db, key, mailMaxBytes }: AfterwardsContext, listed: readonly ListedMail[]): Promise<ListedMail[]> {
  const [first] = listed
  const last = listed.at(-1)
  if (!first || !last) return []
  const heldBack = await readHeldBack(db, key, first.uid, last.uid)
  return listed.filter((mail) => mail.size <= mailMaxBytes && !heldBack.has(mail.uid))
}

/**
 * RFC 2180 4.2: a server may refuse a command because another client has expunged some of its mails meanwhile. Then it is asked again for
 * those that are left. imapflow takes Dovecot's refusal of that kind for success, so what has to be gone is looked for.
 */
async function changeMails(
  client: ImapFlow,
  mails: readonly ListedMail[],
  change: { goesAway: boolean; command: (uids: string) => Promise<unknown>; refused: string },
): Promise<void> {
  for (let uids = mails.map(({ uid }) => uid); uids.length > 0; ) {
    const done = await change.command(toSequenceSet(uids))
    if (done && !change.goesAway) return
    if (!client.usable) throw connectionEnded()
    const still = new Set((await listRange(client, Math.min(...uids), Math.max(...uids))).map(({ uid }) => uid))
    const left = uids.filter((uid) => still.has(uid))
    if (left.length === uids.length) throw new MailboxError('failed', change.refused)
    uids = left
  }
}

function markSeen(client: ImapFlow, folder: string, mails: readonly ListedMail[]): Promise<void> {
  const refused = `The server does not mark mails of ${folder} as seen: check the rights of the user.`
  const command = (uids: string) => client.messageFlagsAdd(uids, ['\\Seen'], { uid: true, silent: true })
  return changeMails(client, mails, { goesAway: false, command, refused })
}

async function moveMails(client: ImapFlow, mails: readonly ListedMail[], target: string): Promise<void> {
  // Without MOVE (RFC 6851) imapflow copies, flags and expunges; without UIDPLUS that expunge would take other mails along.
  const safe = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')
  if (!safe)
    throw new MailboxError(
      'failed',
      'The server can neither move mails (MOVE) nor delete single ones (UIDPLUS): mark them as seen instead.',
    )
  const refused = `The server does not move mails to ${target}: check that the folder exists and may be written.`
  await changeMails(client, mails, { goesAway: true, command: (uids) => client.messageMove(uids, target, { uid: true }), refused })
}

/** INBOX is the one folder name that has no case (RFC 3501 5.1). */
function canonical(folder: string): string {
  return folder.toUpperCase() === 'INBOX' ? 'INBOX' : folder
}
