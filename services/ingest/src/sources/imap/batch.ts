import { sha256 } from '@ruadar/platform'
import type { FetchMessageObject, ImapFlow } from 'imapflow'
import type { NewMail } from '../../intake.ts'
import { listRange, toSequenceSet, type ListedMail } from './listing.ts'
import type { Suspects } from './suspects.ts'

type Envelope = FetchMessageObject['envelope']

/** A transaction holds at most this: a larger one gains no speed and costs memory and repeated work after a crash. */
const batchMails = 50
const batchBytes = 8 * 1024 * 1024
/** Header lines that are kept of a mail which is left in its mailbox. */
const headerBytes = 64 * 1024

export interface BatchContext {
  client: ImapFlow
  mailboxId: number
  folder: string
  uidValidity: bigint
  /** RUADAR_MAIL_MAX_BYTES */
  mailMaxBytes: number
  suspects: Suspects
}

/** Mails that belong to one checkpoint: everything up to `last` is in `items`, or is no longer in the folder. */
export interface Batch {
  items: NewMail[]
  last: ListedMail
}

/** Fetches the mails of a window, batch by batch, each complete before it is yielded: no command is open meanwhile. */
export async function* fetchBatches(context: BatchContext, listed: readonly ListedMail[]): AsyncGenerator<Batch> {
  let single = false
  for (let at = 0; at < listed.length; ) {
    const chosen = chooseBatch(context, listed, at, single)
    const { items, done } = await fetchChosen(context, chosen)
    single = done < chosen.length // the server sent more than it had announced: one mail at a time until one fits
    const last = chosen[done - 1]
    if (last) yield { items, last }
    at += done
  }
}

function chooseBatch({ mailMaxBytes, suspects }: BatchContext, listed: readonly ListedMail[], at: number, single: boolean): ListedMail[] {
  const chosen: ListedMail[] = []
  let bytes = 0
  for (const mail of listed.slice(at, at + (single ? 1 : batchMails))) {
    const alone = mail.size > mailMaxBytes || suspects.has(mail.uid)
    bytes += mail.size
    if (chosen.length > 0 && (alone || bytes > batchBytes)) break
    chosen.push(mail)
    if (alone) break
  }
  return chosen
}

/** `done`: how many of `chosen`, counted from the first, are settled by `items`. */
async function fetchChosen(context: BatchContext, chosen: readonly ListedMail[]): Promise<{ items: NewMail[]; done: number }> {
  const [first] = chosen
  const { mailMaxBytes, suspects } = context
  if (first && first.size > mailMaxBytes) return { items: await fetchTooLarge(context, first), done: 1 }
  if (first && suspects.isHopeless(first.uid)) return { items: [describeUnreadable(context, first)], done: 1 }
  try {
    return await fetchSources(context, chosen)
  } catch (error) {
    suspects.add(
      chosen.map((mail) => mail.uid),
      error,
    )
    if (!first || chosen.length > 1 || !context.client.usable) throw error
    // RFC 2180 4.1: a mail that another client expunged meanwhile is refused too. It is gone, nothing is lost.
    const [still] = await listRange(context.client, first.uid, first.uid)
    if (still) throw error
    return { items: [], done: 1 }
  }
}

async function fetchSources(context: BatchContext, chosen: readonly ListedMail[]): Promise<{ items: NewMail[]; done: number }> {
  const { client, mailMaxBytes } = context
  const wanted = new Map(chosen.map((mail) => [mail.uid, mail]))
  const sources = new Map<number, Buffer>()
  let left: number | null = null
  let bytes = 0
  // One byte more than allowed tells a mail that is larger than its stated size from one that just fits.
  const query = { uid: true, source: { start: 0, maxLength: mailMaxBytes + 1 } }
  for await (const { uid, source } of client.fetch(toSequenceSet([...wanted.keys()]), query, { uid: true })) {
    if (!source || !wanted.has(uid)) continue
    bytes += source.length
    // Stated sizes may be too small: what goes past twice the bound is not kept, and fetched again by itself.
    if (bytes > 2 * batchBytes && chosen.length > 1) left = Math.min(left ?? uid, uid)
    else sources.set(uid, source)
  }
  const done = left === null ? chosen.length : chosen.findIndex((mail) => mail.uid === left)
  const missing = chosen.slice(0, done).filter((mail) => !sources.has(mail.uid))
  await assertGone(client, missing)
  const items = chosen.slice(0, done).flatMap((mail) => {
    const source = sources.get(mail.uid)
    return source ? [toItem(context, mail, source)] : []
  })
  return { items, done }
}

/** A mail that is listed but was left out of an answer must not be passed over: it would be lost without a trace. */
async function assertGone(client: ImapFlow, missing: readonly ListedMail[]): Promise<void> {
  const [first] = missing
  const last = missing.at(-1)
  if (!first || !last) return
  const gone = new Set(missing.map((mail) => mail.uid))
  for (const { uid } of await listRange(client, first.uid, last.uid)) {
    if (gone.has(uid)) throw new Error(`the answer leaves out the mail with UID ${uid}`)
  }
}

function toItem(context: BatchContext, mail: ListedMail, source: Buffer): NewMail {
  const { mailboxId, folder, mailMaxBytes } = context
  const size = source.length
  // By its place alone: its stated size does not keep it from being moved or deleted, its row has to.
  if (size > mailMaxBytes) return describeTooLarge(context, { ...mail, size }, undefined, undefined)
  return { raw: source, origin: 'imap', mailboxId, folder, uid: mail.uid, size }
}

async function fetchTooLarge(context: BatchContext, mail: ListedMail): Promise<NewMail[]> {
  const query = { uid: true, envelope: true, bodyParts: [{ key: 'HEADER', start: 0, maxLength: headerBytes }] }
  const fetched = await context.client.fetchOne(String(mail.uid), query, { uid: true })
  if (!fetched) await assertGone(context.client, [mail])
  return fetched ? [describeTooLarge(context, mail, fetched.bodyParts?.get('header'), fetched.envelope)] : []
}

function describeTooLarge(context: BatchContext, mail: ListedMail, headers: Buffer | undefined, envelope: Envelope | undefined): NewMail {
  const { folder, mailMaxBytes } = context
  const message = `The mail has ${mail.size} bytes or more, RUADAR_MAIL_MAX_BYTES allows ${mailMaxBytes}: it was left in ${folder}.`
  return {
    ...describeLeft(context, mail),
    // The header lines tell the mail from others in every folder, and after a change of UIDVALIDITY too.
    ...(headers && headers.length > 0 ? { identity: sha256(headers).toString('hex') } : {}),
    subject: envelope?.subject,
    sender: envelope?.from?.[0]?.address,
    rejected: { code: 'mail_too_large', message },
  }
}

function describeUnreadable(context: BatchContext, mail: ListedMail): NewMail {
  const said = context.suspects.reason(mail.uid)
  const message = `The mail server does not hand out this mail (${said}): it was left in ${context.folder}.`
  return { ...describeLeft(context, mail), rejected: { code: 'mail_unreadable', message } }
}

/** A mail that stays in its mailbox. */
function describeLeft({ mailboxId, folder, uidValidity }: BatchContext, { uid, size }: ListedMail): NewMail {
  return { raw: null, origin: 'imap', mailboxId, folder, uid, size, identity: `${mailboxId} ${folder} ${uidValidity} ${uid}` }
}
