import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownSender, SenderAlignment } from './catalogue/types.ts'
import { diagnose } from './diagnose.ts'
import { type DiagnoseInput, hintBits, type ReportedWay } from './diagnosis.ts'

const way = (given: Partial<ReportedWay> = {}): ReportedWay => ({
  headerFrom: 'example.com',
  envelopeFrom: 'example.com',
  dkim: [],
  spf: [{ domain: 'example.com', scope: 'mfrom', result: 'fail' }],
  verdicts: { dkim: 'fail', spf: 'fail' },
  hints: 0,
  messages: 100,
  reporters: ['google.com'],
  sources: ['192.0.2.1'],
  ...given,
})
const passing = (given: Partial<ReportedWay> = {}): ReportedWay =>
  way({
    dkim: [{ domain: 'example.com', selector: 's1', result: 'pass' }],
    spf: [{ domain: 'example.com', scope: 'mfrom', result: 'pass' }],
    verdicts: { dkim: 'pass', spf: 'pass' },
    ...given,
  })
const foreignBounce = { envelopeFrom: 'bounces.esp.example', spf: [{ domain: 'bounces.esp.example', scope: 'mfrom', result: 'pass' }] }
const signedByService = { dkim: [{ domain: 'esp.example', selector: 'k1', result: 'pass' }] }
const brokenSignature = { dkim: [{ domain: 'example.com', selector: 's1', result: 'fail' }] }

const service = (alignment: SenderAlignment, more: Partial<KnownSender> = {}): KnownSender => ({
  id: 'esp',
  name: 'ESP',
  kind: 'newsletter',
  alignment,
  instructions: 'https://esp.example/help',
  ...more,
})
const canSign = service({ dkim: 'own_domain', spf: 'own_return_path' })
const cannotSign = service({ dkim: 'fixed', spf: 'own_return_path' })

const input = (ways: ReportedWay[], given: Partial<DiagnoseInput> = {}, known: KnownSender | null = null): DiagnoseInput => ({
  domain: 'example.com',
  policy: { domain: 'example.com', p: 'none' },
  sender: { key: 'k', name: known?.name ?? 'mx.example.com', kind: known?.kind ?? 'domain', service: known },
  state: 'approved',
  ways,
  ...given,
})
const codeOf = (...given: Parameters<typeof input>) => diagnose(input(...given))?.code

describe('diagnose', () => {
  it('finds nothing in mail that passes', () => {
    expect(diagnose(input([passing()]))).toBeNull()
    expect(diagnose(input([]))).toBeNull()
  })

  it('says that a service signs with its own domain where it could sign with ours, and keeps both reasons', () => {
    const found = diagnose(input([way({ ...foreignBounce, ...signedByService })], {}, canSign))
    expect(found).toMatchObject({ code: 'signed_by_service', messages: 100, share: 1 })
    expect(found?.facts).toMatchObject({
      dkimReason: 'signed_by_other_domain',
      signer: 'esp.example',
      selector: 'k1',
      spfReason: 'passes_for_other_domain',
      bounce: 'bounces.esp.example',
    })
  })

  it('names the foreign bounce domain where the service can sign with its own domain only', () => {
    expect(codeOf([way({ ...foreignBounce, ...signedByService })], {}, cannotSign)).toBe('spf_foreign_bounce')
  })

  it('takes a signature of a service that the catalogue does not know for proof that it can sign', () => {
    expect(codeOf([way({ ...foreignBounce, ...signedByService })])).toBe('signed_by_service')
  })

  it('asks for a signature where the service can make one, and for a bounce domain where nobody knows', () => {
    expect(codeOf([way(foreignBounce)], {}, canSign)).toBe('not_signed')
    expect(codeOf([way(foreignBounce)])).toBe('spf_foreign_bounce')
    expect(codeOf([way({ envelopeFrom: null, spf: [] })])).toBe('not_signed')
  })

  it('lists the addresses that the own SPF record does not permit, twenty at most', () => {
    const sources = Array.from({ length: 25 }, (_, index) => `192.0.2.${index + 100}`)
    const found = diagnose(input([way({ sources: sources.toReversed() })], { state: 'own' }))
    expect(found).toMatchObject({ code: 'spf_not_listed', facts: { addresses: sources.slice(0, 20), moreAddresses: 5, spfResult: 'fail' } })
  })

  it.each([
    ['permerror', 'spf_permerror'],
    ['temperror', 'spf_temperror'],
    ['none', 'spf_not_listed'],
    ['softfail', 'spf_not_listed'],
    ['neutral', 'spf_not_listed'],
  ])('an own SPF record that gives %s means %s', (result, code) => {
    expect(codeOf([way({ spf: [{ domain: 'example.com', result }] })], { state: 'own' })).toBe(code)
  })

  it('does not blame our records for a failing foreign bounce domain', () => {
    const spf = [{ domain: 'bounces.esp.example', result: 'permerror' }]
    expect(codeOf([way({ envelopeFrom: 'bounces.esp.example', spf })])).toBe('not_signed')
  })

  it('tells a signature that breaks from one whose key is missing, and counts who sees it pass', () => {
    const found = diagnose(
      input([
        way({ ...brokenSignature, messages: 50, reporters: ['b.example', 'a.example'] }),
        passing({ reporters: ['google.com', 'c.example'] }),
      ]),
    )
    expect(found).toMatchObject({
      code: 'signature_breaks',
      facts: { failingReporters: 2, passingReporters: 2, reporters: ['a.example', 'b.example'] },
    })
  })

  it.each([
    ['permerror', null, 'key_missing_or_revoked'],
    ['neutral', 'invalid (public key: not available)', 'key_missing_or_revoked'],
    ['fail', 'no key for signature', 'key_missing_or_revoked'],
    ['fail', 'key revoked', 'key_missing_or_revoked'],
    ['fail', 'signature verify error: message body does not hash to bh value', 'signature_breaks'],
    ['fail', '1024-bit key', 'signature_breaks'],
    ['temperror', null, 'key_temperror'],
  ])('an aligned signature with result %s and the words "%s" means %s', (result, humanResult, code) => {
    const dkim = [{ domain: 'example.com', selector: 's1', result, humanResult }]
    // A temporary error of an aligned SPF check would leave the record undecided; here SPF plainly fails.
    expect(codeOf([way({ dkim })])).toBe(code)
  })

  it('says when only strictness is in the way', () => {
    const policy = { domain: 'example.com', adkim: 's', aspf: 's' } as const
    const below = { dkim: [{ domain: 'mail.example.com', selector: 's1', result: 'pass' }] }
    expect(diagnose(input([way(below)], { policy }))).toMatchObject({
      code: 'strict_alignment',
      facts: { mechanism: 'dkim', signer: 'mail.example.com' },
    })
    const bounce = { envelopeFrom: 'b.example.com', spf: [{ domain: 'b.example.com', result: 'pass' }] }
    expect(diagnose(input([way(bounce)], { policy }))).toMatchObject({ code: 'strict_alignment', facts: { mechanism: 'spf' } })
  })

  it('says that a sender was set up for the domain and not for the one below it', () => {
    const policy = { domain: 'example.com', p: 'none', sp: 'reject', np: 'reject' } as const
    const below = way({ headerFrom: 'news.example.com', ...foreignBounce })
    expect(diagnose(input([passing(), below], { policy }, canSign))).toMatchObject({
      code: 'subdomain_policy',
      facts: { from: 'news.example.com', policyTag: 'sp', policy: 'reject', np: 'reject', dkimReason: 'not_signed' },
    })
    expect(codeOf([below], { policy }, canSign)).toBe('not_signed')
  })

  it('says that a tree walk ends at a domain with a record of its own', () => {
    const policy = { domain: 'shop.example.com', discoveryMethod: 'treewalk' } as const
    const ways = [way({ headerFrom: 'eu.shop.example.com', dkim: [{ domain: 'example.com', selector: 's', result: 'pass' }] })]
    expect(diagnose(input(ways, { domain: 'shop.example.com', policy }))).toMatchObject({
      code: 'subdomain_policy',
      facts: { signer: 'example.com' },
    })
  })

  it.each([
    ['an empty MAIL FROM', ''],
    ['a reporter that names the HELO check only', null],
  ])('knows bounces by %s', (_, envelopeFrom) => {
    const spf = [{ domain: 'mx.provider.example', scope: 'helo', result: 'pass' }]
    expect(codeOf([way({ envelopeFrom, spf })])).toBe('null_sender_helo')
  })

  it.each([
    ['mailing_list', hintBits.mailingList],
    ['forwarded', hintBits.forwarded],
    ['arc', hintBits.arc],
  ])('has nothing to repair where reporters say %s', (hint, hints) => {
    expect(diagnose(input([way({ ...brokenSignature, hints })]))).toMatchObject({ code: 'forwarded', facts: { hint } })
  })

  it('does not believe an ARC comment alone: OpenDMARC writes it on every record', () => {
    expect(codeOf([way({ ...foreignBounce, hints: hintBits.arc })], {}, canSign)).toBe('not_signed')
  })

  it('takes a foreign host that rewrites bounces and breaks our signature for a forwarder, unless it was approved', () => {
    const rewritten = way({ ...brokenSignature, ...foreignBounce })
    expect(codeOf([rewritten], { state: 'unknown' })).toBe('forwarded')
    expect(codeOf([rewritten], { state: 'approved' })).toBe('signature_breaks')
  })

  it('has nothing to repair for forwarders and spoofers', () => {
    expect(codeOf([way()], { state: 'forwarder' })).toBe('forwarded')
    expect(codeOf([way()], {}, service({ dkim: 'none', spf: 'never' }, { role: 'forwards' }))).toBe('forwarded')
    expect(codeOf([way()], { state: 'rejected' })).toBe('spoofed')
  })

  it('says that a reporter contradicts its own results, whichever way', () => {
    const failed = passing({ verdicts: { dkim: 'fail', spf: 'fail' } })
    expect(diagnose(input([failed]))).toMatchObject({ code: 'reporter_contradicts', facts: { reported: 'fail', mechanism: 'dkim' } })
    const passed = way({ verdicts: { dkim: 'fail', spf: 'pass' } })
    expect(diagnose(input([passed]))).toMatchObject({ code: 'reporter_contradicts', facts: { reported: 'pass', mechanism: 'spf' } })
  })

  it('gives the cause of most messages, and of two equal ones that nearest to a repair', () => {
    const unlisted = way({ messages: 60 })
    const broken = way({ ...brokenSignature, messages: 40 })
    expect(diagnose(input([unlisted, broken], { state: 'own' }))).toMatchObject({ code: 'spf_not_listed', messages: 60, share: 0.6 })
    expect(codeOf([{ ...unlisted, messages: 40 }, broken], { state: 'own' })).toBe('spf_not_listed')
    expect(codeOf([unlisted, { ...broken, messages: 61 }], { state: 'own' })).toBe('signature_breaks')
  })

  it.each([
    [5, 100, null],
    [6, 100, 'spf_not_listed'],
    [5, 94, 'spf_not_listed'],
    [19, 1000, null],
    [21, 1000, 'spf_not_listed'],
    [499, 100_000, null],
    [500, 100_000, 'spf_not_listed'],
    [1, 1, 'spf_not_listed'],
  ])('%i failing of %i messages mean %s', (failing, total, code) => {
    expect(codeOf([way({ messages: failing }), passing({ messages: total - failing })], { state: 'own' }) ?? null).toBe(code)
  })

  it('does not depend on the order of anything', () => {
    const ways = [
      way({ sources: ['192.0.2.9', '192.0.2.3'] }),
      way({ spf: [{ domain: 'example.com', result: 'softfail' }], sources: ['192.0.2.5'] }),
      way({ ...brokenSignature }),
      passing(),
    ]
    const expected = diagnose(input(ways))
    fc.assert(
      fc.property(fc.shuffledSubarray(ways, { minLength: ways.length }), (shuffled) => {
        expect(diagnose(input(shuffled))).toEqual(expected)
      }),
      { numRuns: 50 },
    )
  })

  it('takes any text that a report can hold', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('example.com', 'a.example.com', '', 'pass', 'permerror', 'fail', 'key'))
    const anyWay = fc.record({
      headerFrom: text,
      envelopeFrom: fc.option(text),
      dkim: fc.array(fc.record({ domain: text, selector: fc.option(text), result: text, humanResult: fc.option(text) }), { maxLength: 3 }),
      spf: fc.array(fc.record({ domain: text, scope: fc.option(fc.constantFrom('helo', 'mfrom')), result: text }), { maxLength: 3 }),
      verdicts: fc.record({ dkim: fc.constantFrom('pass', 'fail', 'unknown'), spf: fc.constantFrom('fail', 'unknown') } as const),
      hints: fc.integer({ min: 0, max: 7 }),
      messages: fc.integer({ min: 1, max: 1e9 }),
      reporters: fc.array(text, { maxLength: 3 }),
      sources: fc.array(text, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.array(anyWay, { maxLength: 5 }), fc.constantFrom('own', 'unknown', 'forwarder'), (ways, state) => {
        const found = diagnose(input(ways, { state: state as 'own' }))
        const failing = ways.filter((it) => it.verdicts.dkim !== 'pass').reduce((all, it) => all + it.messages, 0)
        expect(found === null || (found.share > 0 && found.share <= 1)).toBe(true)
        if (found && found.facts.reported !== 'pass') expect(found.messages).toBeLessThanOrEqual(failing)
      }),
    )
  })
})
