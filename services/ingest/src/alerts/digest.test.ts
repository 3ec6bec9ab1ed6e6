import { describe, expect, it } from 'vitest'
import { composeDigest } from './digest.ts'
import type { DigestData, DigestDomain } from './digest-data.ts'
import { duePeriod } from './digest-schedule.ts'

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

const domain: DigestDomain = {
  domain: 'example.com',
  messages: 1000,
  pass: 951,
  reporters: 4,
  before: { messages: 900, pass: 891 },
  failing: [
    { sender: 'Letters', failing: 40, repairable: true, cause: { code: 'not_signed', facts: { from: 'example.com' } } },
    { sender: 'example.net', failing: 1, repairable: false, cause: null },
  ],
  newSenders: ['Tickets'],
  newSenderCount: 1,
  openTasks: 2,
  silent: ['example.org'],
}
const data: DigestData = {
  from: '2026-11-15',
  to: '2026-11-22',
  domains: [domain],
  domainCount: 1,
  messages: 1000,
  pass: 951,
  alerts: [{ rule: 'quarantine', alertId: 7, domain: null, senderId: null, day: '2026-11-20', facts: { mails: 2, code: 'not_a_report' } }],
  alertCount: 12,
  unknownSenders: 3,
}
const english = { language: 'en', publicUrl: 'https://ruadar.example', footer: 'Sent by Ruadar.' } as const

describe('a digest', () => {
  it('says how a domain stands, against the period before', () => {
    const digest = composeDigest(data, english)
    expect(digest?.subject).toBe('DMARC digest of example.com: 95.1% of 1,000 messages pass')
    const { text = '' } = digest ?? {}
    expect(text).toContain('Reports about 15 Nov 2026 to 21 Nov 2026 (UTC).')
    expect(text).toContain('- 1,000 messages from 4 reporters; 95.1% pass DMARC (99% in the period before).')
    expect(text).toMatch(/- Letters: 40 messages fail\. \S+/)
    expect(text).toContain('- example.net: 1 message fails.\n')
    expect(text).toContain('- New senders: Tickets.')
    expect(text).toContain('- 2 repairs are open.')
    expect(text).toContain('- No reports for a week of: example.org.')
    expect(text).toContain('Open alerts\n- 2 mails could not be read\n- 11 more alerts.')
    expect(text).toContain('Next\n- Repair Letters for example.com')
    expect(text).toContain('https://ruadar.example/senders?domain=example.com&from=2026-11-15&to=2026-11-22')
    expect(text).toMatch(/-- \nSent by Ruadar\.$/)
  })

  it('says the same in HTML, without anything to load', () => {
    const { text = '', html = '' } = composeDigest(data, english) ?? {}
    const lines = [...text.matchAll(/^- (.+)$/gm)].map(([, line]) => line)
    const items = [...html.matchAll(/<li[^>]*>(.*?)<\/li>/g)].map(([, item]) => item)
    expect(items).toEqual(lines)
    expect(html).not.toMatch(/<img|<link|url\(|<script/)
  })

  it('speaks Russian', () => {
    const digest = composeDigest(data, { ...english, language: 'ru' })
    expect(plain(digest?.subject ?? '')).toBe('Сводка DMARC, example.com: 1 000 писем, проходят 95,1 %')
    expect(plain(digest?.text ?? '')).toContain('1 000 писем от 4 составителей отчётов; проходят DMARC 95,1 % (в прошлом периоде 99 %).')
  })

  it('has no link when nobody said where the page is', () => {
    const digest = composeDigest(data, { ...english, publicUrl: null })
    expect(`${digest?.text} ${digest?.html}`).not.toMatch(/null|undefined|href|\/senders/)
  })

  it('asks for decisions when nothing can be repaired, and for nothing when nobody is unknown', () => {
    const calm = { ...data, domains: [{ ...domain, failing: [] }] }
    expect(composeDigest(calm, english)?.text).toContain('Next\n- Say what 3 unknown senders are.')
    expect(composeDigest({ ...calm, unknownSenders: 0 }, english)?.text).toContain('Next\n- Nothing to do.')
  })

  it('counts what it does not name', () => {
    const many = { ...data, domainCount: 14, domains: [{ ...domain, newSenderCount: 9 }] }
    const digest = composeDigest(many, english)
    expect(digest?.subject).toContain('DMARC digest of 14 domains')
    expect(digest?.text).toContain('New senders: Tickets and 8 more.')
    expect(digest?.text).toContain('13 more domains with less mail.')
  })

  it('is none when there is nothing to say', () => {
    const nothing = { ...data, domains: [], domainCount: 0, messages: 0, pass: 0, alerts: [], alertCount: 0 }
    expect(composeDigest(nothing, english)).toBeNull()
    expect(composeDigest({ ...nothing, alerts: data.alerts, alertCount: 1 }, english)?.subject).toContain('no mail was reported')
  })

  it('does no harm with hostile names', () => {
    const name = '<img src=x onerror=alert(1)>\u202E\r\nhttps://evil.example'
    const hostile: DigestDomain = {
      ...domain,
      domain: name,
      failing: [{ sender: name, failing: 1, repairable: true, cause: { code: 'not_signed', facts: { from: name } } }],
      newSenders: [name],
      silent: [name],
    }
    const digest = composeDigest({ ...data, domains: [hostile] }, english)
    expect(digest?.html).not.toMatch(/<img|\u202e|https:\/\/evil/)
    expect(digest?.text).not.toMatch(/\u202e|\nhttps:|https:\/\/evil/)
    expect(digest?.subject).not.toMatch(/[\r\n]/)
  })
})

describe('the period of a digest', () => {
  const at = (time: string, digest: 'daily' | 'weekly', hour = 6) => duePeriod({ digest, hour }, new Date(time))

  it('of a day is the one before yesterday, from its hour on', () => {
    expect(at('2026-11-24T06:00:00Z', 'daily')).toEqual({ from: '2026-11-22', to: '2026-11-23' })
    expect(at('2026-11-24T23:59:59Z', 'daily')).toEqual({ from: '2026-11-22', to: '2026-11-23' })
    expect(at('2026-11-24T00:00:00Z', 'daily', 0)).toEqual({ from: '2026-11-22', to: '2026-11-23' })
  })

  it('of a day is no longer due the next morning', () => {
    expect(at('2026-11-24T05:59:59Z', 'daily')).toBeNull()
  })

  it('of a week ends with the Saturday before the Monday that tells it', () => {
    expect(at('2026-11-23T06:00:00Z', 'weekly')).toEqual({ from: '2026-11-15', to: '2026-11-22' })
    expect(at('2026-11-25T12:00:00Z', 'weekly')).toEqual({ from: '2026-11-15', to: '2026-11-22' })
  })

  it('of a week is no longer due at its end', () => {
    expect(at('2026-11-27T06:00:00Z', 'weekly')).toBeNull()
    expect(at('2026-11-23T05:59:59Z', 'weekly')).toBeNull()
  })
})
