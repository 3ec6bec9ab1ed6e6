import type { ImapFlow } from 'imapflow'
import { refusal } from './failure.ts'

/** What is known of a mail before it is fetched. `seq` is its place in the folder at that moment. */
export interface ListedMail {
  uid: number
  seq: number
  /** RFC822.SIZE; servers may be wrong. */
  size: number
  /** INTERNALDATE: when the server got it. */
  arrivedAt: Date | null
}

/** UIDs looked at in one step. A step costs one round trip and about 100 KB of memory. */
export const windowSize = 500

/**
 * The next mails of the open folder from `from` on, in ascending order, at most `windowSize` of them; empty when there are
 * none. A hole in the UIDs, which may be millions wide, costs one SEARCH.
 */
export async function listNext(client: ImapFlow, from: number): Promise<ListedMail[]> {
  for (let start: number | null = from; start !== null; start = await findNext(client, start + windowSize)) {
    const listed = await listRange(client, start, start + windowSize - 1)
    if (listed.length > 0) return listed
  }
  return []
}

/** Mails of the open folder whose UIDs lie between `from` and `to`, both included. */
export async function listRange(client: ImapFlow, from: number, to: number): Promise<ListedMail[]> {
  const listed = new Map<number, ListedMail>()
  const query = { uid: true, size: true, internalDate: true }
  for (const { uid, seq, size = 0, internalDate } of await client.fetchAll(`${from}:${to}`, query, { uid: true })) {
    // RFC 3501 6.4.8 lets a server volunteer other mails of the folder in the same answer.
    if (uid >= from && uid <= to) listed.set(uid, { uid, seq, size, arrivedAt: toDate(internalDate) })
  }
  return [...listed.values()].sort((a, b) => a.uid - b.uid)
}

/** The lowest UID from `from` on. With ESEARCH (RFC 4731) the server answers just that, else with all of them. */
async function findNext(client: ImapFlow, from: number): Promise<number | null> {
  const found = await client.search({ uid: `${from}:*` }, { uid: true, returnOptions: ['MIN'] })
  if (found === false || found === undefined) throw refusal(client, 'The server refused to search the folder.')
  const candidates = Array.isArray(found) ? found : [found.min ?? 0]
  // `n:*` includes the last mail even when its UID is below n (RFC 3501 6.4.8).
  let lowest: number | null = null
  for (const uid of candidates) if (uid >= from && (lowest === null || uid < lowest)) lowest = uid
  return lowest
}

function toDate(value: Date | string | undefined): Date | null {
  const date = value === undefined ? null : new Date(value)
  return date && !Number.isNaN(date.getTime()) ? date : null
}

/** UIDs in ascending order as an IMAP sequence set: 1, 2, 3, 7 becomes `1:3,7`. */
export function toSequenceSet(uids: readonly number[]): string {
  const ranges: string[] = []
  for (let at = 0; at < uids.length; at++) {
    const first = uids[at]
    while (uids[at + 1] === (uids[at] ?? 0) + 1) at++
    ranges.push(first === uids[at] ? `${first}` : `${first}:${uids[at]}`)
  }
  return ranges.join(',')
}
