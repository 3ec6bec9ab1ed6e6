import { alertRules, alerts } from './en/alerts.ts'
import { channelForm, channels, deliveries } from './en/channels.ts'
import { decisionWords, inbox, published, senderPage, senderRules, senders } from './en/senders.ts'

/** Words of the pages about senders, alerts and channels. They come with the first such page. */
export const senderWordsEn = {
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

export type SenderCatalogue = typeof senderWordsEn
