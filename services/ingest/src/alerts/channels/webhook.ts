import { createHmac } from 'node:crypto'
import { alertText, alertTitle } from '@ruadar/alerts/words'
import type { Outgoing, Send, WebhookTarget } from './channel.ts'
import { post } from './post.ts'

/**
 * JSON for programs (docs/webhooks.md). The body is the same at each attempt of a delivery; the signature is made anew, with the time of
 * the attempt, so that a receiver can refuse what somebody recorded and sends again.
 */
export const sendWebhook: Send<WebhookTarget> = (target, outgoing, network) => {
  const body = JSON.stringify(webhookBody(outgoing))
  const at = Math.floor(Date.now() / 1000)
  return post(
    target,
    {
      url: target.url,
      body,
      headers: { 'ruadar-delivery': String(outgoing.id), 'ruadar-signature': `t=${at},v1=${signature(target.signingKey, at, body)}` },
    },
    network,
  )
}

function signature(key: string, at: number, body: string): string {
  return createHmac('sha256', key).update(`${at}.${body}`).digest('hex')
}

function webhookBody({ id, createdAt, content, message }: Outgoing): object {
  const head = { version: 1, delivery: id, createdAt: createdAt.toISOString(), title: message.title, text: message.text }
  if (content.what !== 'notice') return { ...head, type: content.what }
  const { notice } = content
  const english = { title: alertTitle('en', notice), text: alertText('en', notice) }
  if (notice.rule === 'history') {
    const { rule: _, ...facts } = notice
    return { ...head, type: 'history', english, history: facts }
  }
  const { rule, alertId, domain, senderId, day, facts } = notice
  return { ...head, type: 'alert', english, alert: { id: alertId, rule, domain, senderId, day, facts, url: message.links[0]?.url ?? null } }
}
