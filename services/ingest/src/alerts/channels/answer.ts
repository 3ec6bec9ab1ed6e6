import { plainName } from '@ruadar/alerts/words'
import { type ChannelTarget, secretFields } from './channel.ts'

/** What the other side said, as it may be kept and shown: one short line without secrets of the channel. */
export function answerText(text: string, target: ChannelTarget): string {
  return plainName(
    secretsOf(target).reduce((line, secret) => line.replaceAll(secret, '…'), text),
    300,
  )
}

/** Longest first, so that no part of one is left. A URL is secret as a whole, as its path and as its query. */
function secretsOf(target: ChannelTarget): string[] {
  const values = secretFields.flatMap((field) => (field in target ? [(target as unknown as Record<string, string>)[field] ?? ''] : []))
  const all = values.flatMap((value) => {
    if (!/^https?:/.test(value) || !URL.canParse(value)) return [value, encodeURIComponent(value)]
    const { href, pathname, search } = new URL(value)
    return [value, href, pathname + search, pathname, search, ...pathname.split('/').filter((part) => part.length >= 16)]
  })
  return [...new Set(all)].filter((secret) => secret.length >= 4).toSorted((a, b) => b.length - a.length)
}
