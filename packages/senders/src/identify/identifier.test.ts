import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../catalogue/catalogue.ts'
import type { HostFacts, Way } from '../types.ts'
import { createIdentifier } from './identifier.ts'

const identify = createIdentifier(catalogue)
const host = (ptr: string | null, facts: Partial<HostFacts> = {}): HostFacts => ({
  ptr,
  confirmed: ptr !== null,
  asn: null,
  network: null,
  country: null,
  ...facts,
})
const spf = (domain: string, result: string) => [{ domain, scope: 'mfrom', result }]
const dkim = (domain: string, selector: string, result = 'pass') => ({ domain, selector, result })
const way = (facts: Partial<Way>): Way => ({
  sourceIp: '192.0.2.7',
  headerFrom: 'example.com',
  envelopeFrom: null,
  dkim: [],
  spf: [],
  host: null,
  ...facts,
})
const keyOf = (facts: Partial<Way>) => identify(way(facts)).key

describe('identification', () => {
  it('believes the bounce domain that SPF confirms, and keeps what else speaks for it', () => {
    const { key, evidence } = identify(way({ spf: spf('mail1.mcsv.net', 'pass'), dkim: [dkim('example.com', 'k2')] }))
    expect(key).toBe('known:mailchimp')
    expect(evidence).toEqual([
      { by: 'bounce_domain', value: 'mail1.mcsv.net' },
      { by: 'selector', value: 'k2' },
    ])
  })

  it('takes no signature for the operator where SPF failed: the mail was passed on', () => {
    const passedOn = { spf: spf('mail1.mcsv.net', 'fail'), dkim: [dkim('mcsv.net', 'x'), dkim('example.com', 'k2')] }
    expect(keyOf({ ...passedOn, host: host('mx.forwarder.example.net') })).toBe('domain:example.net')
    expect(keyOf({ ...passedOn, host: host(null, { asn: 64_500, network: 'Net' }) })).toBe('as:64500')
    expect(keyOf(passedOn)).toBe('address:192.0.2.7')
  })

  it('lets a signature decide where SPF gave no verdict', () => {
    expect(keyOf({ spf: spf('example.com', 'temperror'), dkim: [dkim('example.com', 'k2')] })).toBe('known:mailchimp')
    expect(keyOf({ dkim: [dkim('mcsv.net', 'x')] })).toBe('known:mailchimp')
    expect(keyOf({ dkim: [dkim('mcsv.net', 'x', 'fail')] })).toBe('address:192.0.2.7')
  })

  it('groups a foreign bounce domain by its organisation even if the signature of a service survived', () => {
    expect(keyOf({ spf: spf('srs.lists.example.net', 'pass'), dkim: [dkim('mcsv.net', 'x')] })).toBe('domain:example.net')
  })

  it('names the provider behind an own bounce domain, else the organisation itself', () => {
    const own = { spf: spf('example.com', 'pass') }
    expect(keyOf({ ...own, host: host('mail-a.google.com') })).toBe('known:google')
    expect(keyOf(own)).toBe('domain:example.com')
  })

  it('believes a reverse name only if it is confirmed, and a generic one less than its network', () => {
    expect(keyOf({ host: host('mail-a.google.com', { confirmed: false }) })).toBe('address:192.0.2.7')
    expect(keyOf({ host: host('192-0-2-7.dsl.example.net', { asn: 64_500 }) })).toBe('as:64500')
    expect(keyOf({ host: host('192-0-2-7.dsl.example.net') })).toBe('domain:example.net')
  })

  it('names an address that the reporter left out', () => {
    expect(keyOf({ sourceIp: null })).toBe('address:::')
  })

  it("asks the operator's rules first, and none without a condition or with a condition that fails", () => {
    const rule = (id: string, match: object) => ({ id, name: `Rule ${id}`, kind: 'application' as const, match })
    const own = createIdentifier(catalogue, [
      rule('3', {}),
      rule('2', { network: '198.51.100.0/24' }),
      rule('1', { network: '192.0.2.0/24' }),
    ])
    expect(own(way({ spf: spf('mcsv.net', 'pass') })).key).toBe('rule:1')
    const forged = createIdentifier(catalogue, [rule('1', { bounce: 'example.net' })])
    expect(forged(way({ spf: spf('example.net', 'fail') })).key).toBe('address:192.0.2.7')
  })

  it('never throws, and answers the same whatever the order of signatures and checks', () => {
    const domain = fc.oneof(fc.constantFrom('example.com', 'mcsv.net', 'amazonses.com', 'a.example.net', 'gmail.com'), fc.string())
    const result = fc.constantFrom('pass', 'fail', 'softfail', 'none', 'temperror')
    const ways = fc.record({
      sourceIp: fc.option(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())),
      headerFrom: domain,
      envelopeFrom: fc.option(domain),
      dkim: fc.array(fc.record({ domain, selector: fc.option(fc.constantFrom('k2', 's1', 'x')), result }), { maxLength: 6 }),
      spf: fc.array(fc.record({ domain, scope: fc.constantFrom('mfrom', 'helo', null), result }), { maxLength: 4 }),
      host: fc.constantFrom(null, host('mx.example.net'), host('a.mcsv.net'), host(null, { asn: 64_500 })),
    })
    fc.assert(
      fc.property(ways, (it) => {
        const found = identify(it)
        expect(found.evidence.length).toBeLessThanOrEqual(8)
        expect(identify({ ...it, dkim: it.dkim.toReversed(), spf: it.spf.toReversed() }).key).toBe(found.key)
      }),
      { seed: 4, numRuns: 500 },
    )
  })
})
