import { type Database, sha256, sql } from '@ruadar/platform'
import { randomMails, type Truth } from '../harness/reports.ts'

/** A mail with one report, by itself: which of many were stored decides what the sums have to be. */
export interface SentMail {
  raw: Buffer
  /** As `mails.hash`, in hexadecimal digits. */
  hash: string
  truth: Truth
}

export function sentMails(count: number, seed: string): SentMail[] {
  return Array.from({ length: count }, (_, index) => {
    const { mails, truth } = randomMails(1, `${seed} ${index}`)
    const raw = mails[0] ?? Buffer.alloc(0)
    return { raw, hash: sha256(raw).toString('hex'), truth }
  })
}

export function truthOf(mails: readonly SentMail[]): Truth {
  const sum: Truth = { messages: 0, dmarcPass: 0, reports: 0 }
  for (const { truth } of mails) {
    sum.messages += truth.messages
    sum.dmarcPass += truth.dmarcPass
    sum.reports += truth.reports
  }
  return sum
}

/** Those whose bytes are committed. */
export async function findStored(database: Database, mails: readonly SentMail[]): Promise<SentMail[]> {
  const hashes = mails.map(({ hash }) => hash)
  const { rows } = await sql<{ hash: string }>`
    select encode(hash, 'hex') as hash from mails where encode(hash, 'hex') = any(${hashes}::text[]) and raw is not null`.execute(
    database.db,
  )
  const found = new Set(rows.map(({ hash }) => hash))
  return mails.filter(({ hash }) => found.has(hash))
}
