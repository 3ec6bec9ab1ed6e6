import type { Rule } from '@ruadar/alerts'
import { alertText, alertTitle, alertWords, type Language, plainName } from '@ruadar/alerts/words'
import type { Content, Message } from './channel.ts'

/** What somebody should see today rather than this week. */
const urgentRules: ReadonlySet<Rule | 'history'> = new Set([
  'new_sender',
  'alignment_drop',
  'reports_stop',
  'policy_changed',
  'mailbox_failing',
  'channel_failing',
])

/** Puts a content into the words of a channel, with links as far as the page's address is known. */
export function composeMessage(content: Content, channel: { name: string; language: Language }, publicUrl: string | null): Message {
  const { language } = channel
  const words = alertWords[language]
  switch (content.what) {
    case 'test': {
      const text = words.test.text(plainName(channel.name))
      return {
        title: words.test.title,
        text: publicUrl === null ? `${text} ${words.actions.noLinks}` : text,
        urgent: false,
        links: linksTo('', publicUrl, words.actions.open),
      }
    }
    case 'digest':
      return { title: content.digest.subject, text: content.digest.text, urgent: false, links: [] }
    case 'notice': {
      const { notice } = content
      const page = notice.rule === 'history' ? '/alerts' : `/alerts/${notice.alertId}`
      const decisions = notice.rule === 'new_sender' ? Object.entries(words.decisions) : []
      return {
        title: alertTitle(language, notice),
        text: alertText(language, notice),
        urgent: urgentRules.has(notice.rule),
        links: [
          ...linksTo(page, publicUrl, words.actions.open),
          ...decisions.flatMap(([state, label]) => linksTo(`${page}?decide=${state}`, publicUrl, label)),
        ],
      }
    }
  }
}

const linksTo = (page: string, publicUrl: string | null, label: string) =>
  publicUrl === null ? [] : [{ label, url: `${publicUrl}${page}` }]
