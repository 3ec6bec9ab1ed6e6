import { boundedText } from './bounded-text.ts'
import type { ChatTarget, Send } from './channel.ts'
import { post } from './post.ts'

/**
 * A workflow that starts with "when a Teams webhook request is received" and posts the card it is given. Texts are runs of a
 * RichTextBlock, which knows no Markdown, unlike a TextBlock. A message may have 28 KB.
 */
export const sendTeams: Send<ChatTarget> = (target, { message }, network) => {
  const { title, text, links } = message
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [richText(boundedText(title, 300), { weight: 'Bolder', size: 'Medium' }), richText(boundedText(text, 4000), {})],
    actions: links.map(({ label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
    msteams: { width: 'Full' },
  }
  const body = {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  }
  return post(target, { url: target.url, body: JSON.stringify(body) }, network)
}

const richText = (text: string, look: object) => ({ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] })
