import { mailboxes } from './mailboxes.ts'
import { russianMailboxes } from './mailboxes-russian.ts'
import { newsletters } from './newsletters.ts'
import { transactional } from './transactional.ts'
import type { KnownSender } from './types.ts'

/** Every sender that is known, by kind. */
export const catalogue: readonly KnownSender[] = [...mailboxes, ...russianMailboxes, ...transactional, ...newsletters]

const byKey = new Map(catalogue.map((sender) => [`known:${sender.id}`, sender]))

/** The catalogue's entry behind an identity's key; null for groups and for what an operator named. */
export function knownSenderOf(key: string): KnownSender | null {
  return byKey.get(key) ?? null
}
