import { boundedText } from './bounded-text.ts'
import type { ChatTarget, Send } from './channel.ts'
import { post } from './post.ts'

const urgentColour = 0xb3261e
const calmColour = 0x1a73e8

/** A webhook with one embed (title 256, description 4096). Nobody is called: `allowed_mentions` is empty. */
export const sendDiscord: Send<ChatTarget> = (target, { message }, network) => {
  const { title, text, links } = message
  const addresses = links.map(({ label, url }) => `[${escape(label)}](${url})`).join(' · ')
  const body = {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: escape(boundedText(title, 120)),
        description: [escape(boundedText(text, 1600)), ...(addresses ? [addresses] : [])].join('\n\n'),
        color: message.urgent ? urgentColour : calmColour,
        ...(links[0] ? { url: links[0].url } : {}),
      },
    ],
  }
  return post(target, { url: target.url, body: JSON.stringify(body) }, network)
}

/**
 * Signs of Discord's Markdown and mentions everywhere, of emoji where one is named, and of headings, quotes and lists where a line begins.
 * Bounds above leave room for twice the length.
 */
const escape = (text: string) => text.replaceAll(/[\\*_~`|[\]()<@]|:(?=\w+:)|^[#>+-]/gm, String.raw`\$&`)
