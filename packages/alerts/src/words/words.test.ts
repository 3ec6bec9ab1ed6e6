import { describe, expect, it } from 'vitest'
import type { AlertFacts, Notice, Rule } from '../facts.ts'
import { alertText, alertTextParts, alertTitle, alertTitleParts, alertWords, plainName } from './index.ts'

const facts: AlertFacts = {
  new_sender: { sender: 'Letters', kind: 'newsletter', firstDay: '2026-11-20', days: 2, messages: 21, aligned: 21, sources: 5 },
  spoofing: { from: '2026-11-16', to: '2026-11-23', senders: 40, sources: 41, messages: 1234, largest: 'example.net' },
  alignment_drop: { sender: 'Letters', share: 0.4, usualShare: 0.9999, messages: 1000, failing: 600 },
  failing_rise: { failing: 300, usual: 12, messages: 5000 },
  reports_stop: { reporter: 'example.org', lastDay: '2026-11-15', silentDays: 9, cause: 'record' },
  policy_changed: { before: 'p=none; sp=reject', after: 'p=reject', reporters: 3 },
  quarantine: { mails: 2, code: 'not_a_report' },
  mailbox_failing: { mailbox: 'inbox 7', message: 'mail.example.com does not answer.', since: '2026-11-24T09:30:00Z' },
  tls_failures_rise: { failed: 7, usual: 0, sessions: 100, resultType: 'certificate-expired' },
  channel_failing: { channel: 'Chat', message: 'HTTP 500.', waiting: 1 },
}
const noticeOf = (rule: Rule) => ({ rule, alertId: 1, domain: 'example.com', senderId: 2, day: '2026-11-24', facts: facts[rule] }) as Notice
const rules = Object.keys(facts) as Rule[]
const history: Notice = {
  rule: 'history',
  from: '2026-09-01',
  to: '2026-10-30',
  domains: ['example.com'],
  senders: 12,
  unknown: 1,
  alerts: 5,
}
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe.each(['en', 'ru'] as const)('sentences in %s', (language) => {
  it.each(rules)('say everything of %s', (rule) => {
    const title = alertTitle(language, noticeOf(rule))
    const text = alertText(language, noticeOf(rule))
    expect(title).not.toMatch(/[.\n]$|undefined|NaN/)
    expect(text).toMatch(/^\S.*\.$/u)
    expect(text).not.toMatch(/undefined|NaN|\.\.|\s{2}/)
    expect(alertWords[language].rules[rule].about).toMatch(/\.$/)
  })

  it.each(rules)('leave every name of %s to who shows it', (rule) => {
    const names: string[] = []
    const name = (text: string) => {
      names.push(text)
      return { text }
    }
    const parts = [...alertTitleParts(language, noticeOf(rule), name), ...alertTextParts(language, noticeOf(rule), name)]
    const literal = parts.filter((part) => typeof part === 'string').join('')
    const given = { domain: 'example.com', ...facts[rule] }
    const hostile = ['domain', 'sender', 'largest', 'reporter', 'before', 'after', 'code', 'mailbox', 'message', 'resultType', 'channel']
    for (const [key, value] of Object.entries(given)) if (hostile.includes(key)) expect(literal).not.toContain(value)
    expect(names.length).toBeGreaterThan(0)
  })

  it('sum up old mail in one message', () => {
    expect(alertTitle(language, history)).toBe(alertWords[language].history.title)
    expect(alertText(language, history)).toContain('example.com')
  })
})

it('says of a new sender what one has to know to decide', () => {
  expect(alertTitle('en', noticeOf('new_sender'))).toBe('New sender for example.com: Letters')
  expect(alertText('en', noticeOf('new_sender'))).toBe(
    'Letters sends mail as example.com since 20 Nov 2026: 21 messages on 2 days from 5 addresses. All of it passes DMARC, so it has keys or addresses of your domain. Say whether it is yours.',
  )
})

it('counts in Russian as Russian does', () => {
  expect(plain(alertText('ru', noticeOf('new_sender')))).toContain('21 письмо за 2 дня с 5 адресов')
  expect(plain(alertTitle('ru', noticeOf('quarantine')))).toBe('Не удалось прочитать 2 письма')
  expect(plain(alertText('ru', noticeOf('alignment_drop')))).toContain('обычно 99,9 %')
})

it('names five domains of an import and counts the others', () => {
  const domains = Array.from({ length: 8 }, (_, index) => `d${index}.example`)
  expect(alertText('en', { ...history, domains })).toContain(
    'd0.example, d1.example, d2.example, d3.example, d4.example and 3 more domains: ',
  )
})

describe('a plain name', () => {
  it('has no control, direction or invisible character and no line break', () => {
    expect(plainName('a\u0000b\r\nBcc: x\u202Egnp\u200B\u2066c\u{E0041}')).toBe('a b Bcc: x gnp c')
  })
  it('is no link, mention, tag or command', () => {
    expect(plainName('https://evil.example')).not.toContain('://')
    expect(plainName('@everyone #all /start')).not.toMatch(/@e|#a|\/s/)
    expect(plainName('a/b@example.com')).toBe('a/b@example.com')
  })
  it('has an end, which does not cut a character in two', () => {
    expect([...plainName('😀'.repeat(500), 10)]).toHaveLength(10)
  })
})
