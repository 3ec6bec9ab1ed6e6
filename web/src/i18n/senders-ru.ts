import { alertRules, alerts } from './ru/alerts.ts'
import { channelForm, channels, deliveries } from './ru/channels.ts'
import { decisionWords, inbox, published, senderPage, senderRules, senders } from './ru/senders.ts'
import type { SenderCatalogue } from './senders-en.ts'

export const senderWordsRu: SenderCatalogue = {
  alertRules,
  alerts,
  channelForm,
  channels,
  decisionWords,
  deliveries,
  inbox,
  published,
  senderPage,
  senderRules,
  senders,
}
