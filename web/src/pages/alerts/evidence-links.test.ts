import type { AlertItem } from '@ruadar/contract'
import { describe, expect, it } from 'vitest'
import { evidenceLinks } from './evidence-links.ts'

const item = (given: Partial<AlertItem>): AlertItem => ({
  id: 1,
  rule: 'new_sender',
  domain: 'example.com',
  sender: 'esp.example',
  senderId: 7,
  firedAt: '2026-11-24T06:00:00.000Z',
  day: '2026-11-23',
  state: 'open',
  snoozedUntil: null,
  text: '',
  facts: {},
  ...given,
})

describe('the evidence of an alert', () => {
  it('is the sender with the month before', () => {
    expect(evidenceLinks(item({}))).toEqual([{ name: 'sender', href: '/senders/7?domain=example.com&from=2026-10-25&to=2026-11-24' }])
  })

  it('is the week that forged mail was summed up for', () => {
    const [senders, sources] = evidenceLinks(item({ rule: 'spoofing', senderId: null, facts: { from: '2026-11-16', to: '2026-11-23' } }))
    expect(senders?.href).toBe('/senders?domain=example.com&from=2026-11-16&to=2026-11-23&state=unknown')
    expect(sources?.href).toBe('/sources?domain=example.com&from=2026-11-16&to=2026-11-23&dmarc=fail')
  })

  it('is the day whose failing mail rose', () => {
    expect(evidenceLinks(item({ rule: 'failing_rise' })).map(({ href }) => href)).toEqual([
      '/sources?domain=example.com&from=2026-11-23&to=2026-11-24&dmarc=fail',
      '/reports?domain=example.com&from=2026-11-23&to=2026-11-24',
    ])
  })

  it('leaves out what is not known, also of a rule that this page does not know', () => {
    expect(evidenceLinks(item({ senderId: null }))).toEqual([])
    expect(evidenceLinks(item({ rule: 'newer_rule' as never }))).toEqual([])
    expect(evidenceLinks(item({ rule: 'failing_rise', domain: null, day: 'unknown' })).map(({ href }) => href)).toEqual([
      '/sources?dmarc=fail',
      '/reports',
    ])
  })
})
