import { boundedText } from './bounded-text.ts'
import type { Send, TelegramTarget } from './channel.ts'
import { post } from './post.ts'

const publicApi = 'https://api.telegram.org'

/**
 * sendMessage of the Bot API, without parse_mode: the text is text. At most 4096 characters. Links are buttons below, which Telegram
 * takes for addresses with a dot in them only, so that they stand in the text as well.
 */
export const sendTelegram: Send<TelegramTarget> = (target, { message }, network) => {
  const { title, text, links } = message
  const addresses = links.map(({ label, url }) => `${label}: ${url}`).join('\n')
  const body = {
    chat_id: target.chatId,
    text: [boundedText(title, 300), boundedText(text, 2500), ...(addresses ? [addresses] : [])].join('\n\n'),
    link_preview_options: { is_disabled: true },
    disable_notification: !message.urgent,
  }
  const url = `${(target.apiUrl ?? publicApi).replace(/\/+$/, '')}/bot${target.token}/sendMessage`
  return post(target, { url, body: JSON.stringify(body), retryAfterOf }, network)
}

/** Telegram says how long to wait in the body. */
function retryAfterOf(body: string): number | null {
  try {
    const { parameters } = JSON.parse(body) as { parameters?: { retry_after?: unknown } }
    return typeof parameters?.retry_after === 'number' ? parameters.retry_after : null
  } catch {
    return null // not JSON: a proxy answered
  }
}
