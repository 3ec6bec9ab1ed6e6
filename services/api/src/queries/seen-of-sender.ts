import { organizationalDomain } from '@ruadar/dmarc'
import { type Db, sql } from '@ruadar/platform'
import { knownSenderOf } from '@ruadar/senders'
import type { SeenOfSender } from '../published-dns/ask-published.ts'
import type { Question } from './question.ts'
import { gatherSigners } from './sender-identifiers.ts'
import { listSenderSources } from './sender-sources.ts'
import { listIdentities } from './source.ts'

const mostAddresses = 20
const mostWays = 500

/** What a sender used in the period to send as the domain: its addresses, and its keys of the domain's organisation. Null: no such sender. */
export async function findSeenOfSender(db: Db, question: Question & { domain: string; sender: number }): Promise<SeenOfSender | null> {
  const { rows } = await sql<{ key: string }>`select key from senders where id = ${question.sender}`.execute(db)
  const [sender] = rows
  if (!sender) return null
  const [ways, sources] = await Promise.all([
    listIdentities(db, question, mostWays),
    listSenderSources(db, question, { after: undefined, limit: mostAddresses }),
  ])
  const organization = organizationalDomain(question.domain) ?? question.domain
  return {
    service: knownSenderOf(sender.key),
    addresses: sources.items.map(({ source }) => source).filter((source) => source !== '::'),
    keys: gatherSigners(ways).flatMap(({ selector, domain }) =>
      selector !== null && (organizationalDomain(domain) ?? domain) === organization ? [{ selector, domain }] : [],
    ),
  }
}
