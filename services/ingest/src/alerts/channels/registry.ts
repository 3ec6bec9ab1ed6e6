import type { ChannelTarget, Network, Outgoing } from './channel.ts'
import { sendDiscord } from './discord.ts'
import { sendEmail } from './email.ts'
import { sendNtfy } from './ntfy.ts'
import { resolveName } from './private-address.ts'
import { sendSlack } from './slack.ts'
import { sendTeams } from './teams.ts'
import { sendTelegram } from './telegram.ts'
import { sendWebhook } from './webhook.ts'

/** Bounds of an attempt: a server that takes longer is as good as away. */
export const defaultNetwork = { lookup: resolveName, connectMs: 10_000, wholeMs: 30_000 } as const

/** Sends by the medium of the target; gives what the other side said, or throws a DeliveryError. */
export function send(target: ChannelTarget, outgoing: Outgoing, network: Network): Promise<string> {
  switch (target.kind) {
    case 'email':
      return sendEmail(target, outgoing, network)
    case 'webhook':
      return sendWebhook(target, outgoing, network)
    case 'slack':
      return sendSlack(target, outgoing, network)
    case 'teams':
      return sendTeams(target, outgoing, network)
    case 'discord':
      return sendDiscord(target, outgoing, network)
    case 'telegram':
      return sendTelegram(target, outgoing, network)
    case 'ntfy':
      return sendNtfy(target, outgoing, network)
  }
}
