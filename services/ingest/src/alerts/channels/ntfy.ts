import { boundedText } from './bounded-text.ts'
import { DeliveryError, type NtfyTarget, type Send } from './channel.ts'
import { post } from './post.ts'

/**
 * Published as JSON to the server's root: headers would have to encode what is not ASCII. A message has at most 4096 bytes, beyond
 * which it becomes an attachment: a Russian character takes two. At most three actions.
 */
export const sendNtfy: Send<NtfyTarget> = (target, { message }, network) => {
  const { server, topic } = topicOf(target.url)
  const [open, ...decisions] = message.links
  const body = {
    topic,
    title: boundedText(message.title, 120),
    message: boundedText(message.text, 1500),
    priority: message.urgent ? 4 : 3,
    ...(open ? { click: open.url } : {}),
    actions: decisions.slice(0, 3).map(({ label, url }) => ({ action: 'view', label, url })),
  }
  const headers = target.token ? { authorization: `Bearer ${target.token}` } : {}
  return post(target, { url: server, body: JSON.stringify(body), headers }, network)
}

/** The last part of the path is the topic; a server may live below a path. */
function topicOf(url: string): { server: string; topic: string } {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const topic = parsed?.pathname.split('/').pop() ?? ''
  if (!parsed || topic === '')
    throw new DeliveryError('The address names no topic: it is like https://ntfy.example/topic.', { lasting: true })
  parsed.pathname = parsed.pathname.slice(0, -topic.length)
  parsed.search = ''
  return { server: parsed.href, topic: decodeURIComponent(topic) }
}
