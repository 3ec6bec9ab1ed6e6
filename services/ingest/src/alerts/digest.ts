import { alertTitle, digestWords, type Language, plainName } from '@ruadar/alerts/words'
import { diagnosisParts } from '@ruadar/senders/words'
import type { ComposedDigest } from './channels/channel.ts'
import { escapeHtml, htmlPage } from './channels/email-html.ts'
import type { DigestData, DigestDomain } from './digest-data.ts'

interface Section {
  heading: string
  lines: string[]
  /** Page of the dashboard that shows the same. */
  page: string
}

export interface DigestSettings {
  language: Language
  publicUrl: string | null
  /** Under the mail: which channel it came through. */
  footer: string
}

/** Puts the numbers of a period into a mail, as text and as HTML with the same words. Null: there is nothing to say. */
export function composeDigest(data: DigestData, { language, publicUrl, footer }: DigestSettings): ComposedDigest | null {
  if (data.messages === 0 && data.alertCount === 0) return null
  const words = digestWords[language]
  const [only] = data.domains
  const subject = words.subject({
    domain: data.domainCount === 1 && only ? plainName(only.domain) : null,
    domains: data.domainCount,
    messages: data.messages,
    share: data.messages === 0 ? 0 : data.pass / data.messages,
  })
  const period = words.period(data.from, lastDayOf(data.to))
  const sections = [
    ...data.domains.map((domain) => domainSection(domain, data, language)),
    ...(data.alertCount > 0 ? [alertSection(data, language)] : []),
    nextSection(data, language),
  ]
  const rest = data.domainCount - data.domains.length
  if (rest > 0) sections.at(data.domains.length - 1)?.lines.push(words.moreDomains(rest))
  return {
    subject,
    text: asText(period, sections, publicUrl, footer),
    html: asHtml({ language, subject, period, sections, publicUrl, footer }),
  }
}

function domainSection(
  { domain, messages, pass, reporters, before, ...found }: DigestDomain,
  { from, to }: DigestData,
  language: Language,
): Section {
  const words = digestWords[language]
  const shareBefore = before.messages === 0 ? null : before.pass / before.messages
  const lines = [messages === 0 ? words.noMail : words.numbers({ messages, reporters, share: pass / messages, shareBefore })]
  for (const { sender, failing, cause } of found.failing) {
    lines.push(words.failing(plainName(sender), failing, cause && causeText(language, cause)))
  }
  const { newSenders, newSenderCount, openTasks, silent } = found
  if (newSenderCount > 0) lines.push(words.newSenders(listed(newSenders), newSenderCount - newSenders.length))
  if (openTasks > 0) lines.push(words.tasks(openTasks))
  if (silent.length > 0) lines.push(words.silent(listed(silent)))
  return { heading: plainName(domain), lines, page: `/senders?domain=${encodeURIComponent(domain)}&from=${from}&to=${to}` }
}

function alertSection({ alerts, alertCount }: DigestData, language: Language): Section {
  const words = digestWords[language]
  const lines = alerts.map((notice) => alertTitle(language, notice))
  if (alertCount > alerts.length) lines.push(words.moreAlerts(alertCount - alerts.length))
  return { heading: words.alerts, lines, page: '/alerts' }
}

/** One thing to do: the repair that helps most, else the decisions that wait. */
function nextSection({ domains, unknownSenders }: DigestData, language: Language): Section {
  const words = digestWords[language]
  const [repair] = domains
    .flatMap(({ domain, failing }) => failing.filter(({ repairable }) => repairable).map((sender) => ({ ...sender, domain })))
    .toSorted((a, b) => b.failing - a.failing)
  if (repair) {
    const page = `/senders?domain=${encodeURIComponent(repair.domain)}&task=open`
    return { heading: words.next, lines: [words.nextRepair(plainName(repair.sender), plainName(repair.domain))], page }
  }
  if (unknownSenders > 0) return { heading: words.next, lines: [words.nextDecide(unknownSenders)], page: '/inbox' }
  return { heading: words.next, lines: [words.nextNothing], page: '/' }
}

const causeText = (language: Language, { code, facts }: { code: string; facts: object }): string =>
  diagnosisParts(language, code, facts, { name: (text) => plainName(text), code: (text) => plainName(text) }).join('')

const listed = (names: readonly string[]) => names.map((name) => plainName(name)).join(', ')

const lastDayOf = (to: string): string => new Date(Date.parse(to) - 86_400_000).toISOString().slice(0, 10)

function asText(period: string, sections: readonly Section[], publicUrl: string | null, footer: string): string {
  const parts = sections.map(({ heading, lines, page }) =>
    [heading, ...lines.map((line) => `- ${line}`), ...(publicUrl === null ? [] : [`  ${publicUrl}${page}`])].join('\n'),
  )
  return [period, ...parts, `-- \n${footer}`].join('\n\n')
}

interface Page {
  language: Language
  subject: string
  period: string
  sections: readonly Section[]
  publicUrl: string | null
  footer: string
}

function asHtml({ language, subject, period, sections, publicUrl, footer }: Page): string {
  const parts = sections.map(({ heading, lines, page }) => {
    const title = escapeHtml(heading)
    const linked = publicUrl === null ? title : `<a href="${escapeHtml(`${publicUrl}${page}`)}" style="color:inherit">${title}</a>`
    const items = lines.map((line) => `<li style="margin:0 0 4px">${escapeHtml(line)}</li>`).join('')
    return `<h2 style="font-size:16px;margin:20px 0 6px">${linked}</h2>\n<ul style="margin:0;padding-left:20px">${items}</ul>`
  })
  return htmlPage({ language, title: subject, body: [`<p style="margin:0">${escapeHtml(period)}</p>`, ...parts].join('\n'), footer })
}
