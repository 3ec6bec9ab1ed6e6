import { boundedText } from './bounded-text.ts'
import type { ChatTarget, Send } from './channel.ts'
import { post } from './post.ts'

/**
 * An incoming webhook. Blocks hold plain text only, which knows no markup; `text`, which notifications show, is escaped as Slack asks.
 * Limits of Block Kit: 150 for a header, 3000 for a section, 75 for a button.
 */
export const sendSlack: Send<ChatTarget> = (target, { message }, network) => {
  const { title, text, links } = message
  const buttons = links.map(({ label, url }) => ({ type: 'button', text: plainText(label, 75), url }))
  const body = {
    text: escape(boundedText(`${title}. ${text}`, 3000)),
    blocks: [
      { type: 'header', text: plainText(title, 150) },
      { type: 'section', text: plainText(text, 3000) },
      ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : []),
    ],
    unfurl_links: false,
    unfurl_media: false,
  }
  return post(target, { url: target.url, body: JSON.stringify(body) }, network)
}

const plainText = (text: string, most: number) => ({ type: 'plain_text', text: boundedText(text, most), emoji: false })

/** `<!channel>` calls everybody, `<url|text>` is a link; the markup of stars and backticks does not reach further than looks. */
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
