import { workApplications } from './applications-work.ts'
import { applications } from './applications.ts'
import { crm } from './crm.ts'
import { forwarders } from './forwarders.ts'
import { moreGateways } from './gateways-more.ts'
import { gateways } from './gateways.ts'
import { helpdesks } from './helpdesks.ts'
import { regionalHosting } from './hosting-regional.ts'
import { russianHosting } from './hosting-russian.ts'
import { hosting } from './hosting.ts'
import { invoicing } from './invoicing.ts'
import { americanMailboxes } from './mailboxes-american.ts'
import { asianMailboxes } from './mailboxes-asian.ts'
import { europeanMailboxes } from './mailboxes-european.ts'
import { germanMailboxes } from './mailboxes-german.ts'
import { russianMailboxes } from './mailboxes-russian.ts'
import { mailboxes } from './mailboxes.ts'
import { moreMailingLists } from './mailing-lists-more.ts'
import { mailingLists } from './mailing-lists.ts'
import { marketing } from './marketing.ts'
import { moreNewsletters } from './newsletters-more.ts'
import { regionalNewsletters } from './newsletters-regional.ts'
import { russianNewsletters } from './newsletters-russian.ts'
import { newsletters } from './newsletters.ts'
import { shops } from './shops.ts'
import { cloudTransactional } from './transactional-clouds.ts'
import { moreTransactional } from './transactional-more.ts'
import { russianTransactional } from './transactional-russian.ts'
import { transactional } from './transactional.ts'
import type { KnownSender } from './types.ts'

/** Every sender that is known, by kind. */
export const catalogue: readonly KnownSender[] = [
  ...workApplications,
  ...applications,
  ...crm,
  ...forwarders,
  ...moreGateways,
  ...gateways,
  ...helpdesks,
  ...regionalHosting,
  ...russianHosting,
  ...hosting,
  ...invoicing,
  ...americanMailboxes,
  ...asianMailboxes,
  ...europeanMailboxes,
  ...germanMailboxes,
  ...russianMailboxes,
  ...mailboxes,
  ...moreMailingLists,
  ...mailingLists,
  ...marketing,
  ...moreNewsletters,
  ...regionalNewsletters,
  ...russianNewsletters,
  ...newsletters,
  ...shops,
  ...cloudTransactional,
  ...moreTransactional,
  ...russianTransactional,
  ...transactional,
]

const byKey = new Map(catalogue.map((sender) => [`known:${sender.id}`, sender]))

/** The catalogue's entry behind an identity's key; null for groups and for what an operator named. */
export function knownSenderOf(key: string): KnownSender | null {
  return byKey.get(key) ?? null
}
