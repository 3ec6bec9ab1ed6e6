import { describe, expect, test } from 'vitest'
import type { DkimEvidence, SpfEvidence } from './evidence.ts'
import { type ExplainInput, explain } from './explain.ts'

const ask = (changes: Partial<ExplainInput>) =>
  explain({ headerFrom: 'example.com', policy: { adkim: 'r', aspf: 'r' }, dkim: [], spf: [], envelopeFrom: null, ...changes })
const whyDkim = (dkim: DkimEvidence[], adkim: 'r' | 's' = 'r') => ask({ dkim, policy: { adkim } }).dkim
const whySpf = (spf: SpfEvidence[], changes: Partial<ExplainInput> = {}) => ask({ spf, ...changes }).spf

describe('DKIM', () => {
  test('is not explained when an aligned signature passes beside others', () => {
    expect(
      whyDkim([
        { domain: 'service.example', result: 'pass' },
        { domain: 'mail.example.com', result: 'pass' },
      ]),
    ).toBeNull()
  })

  test('not signed at all, also when the reporter writes an empty signature', () => {
    expect(whyDkim([])).toEqual({ code: 'not_signed', domain: null, selector: null, result: null })
    expect(whyDkim([{ domain: '', selector: null, result: 'fail' }])?.code).toBe('not_signed')
    expect(whyDkim([{ domain: 'example.com', result: 'none' }])?.code).toBe('not_signed')
  })

  test('signed by another domain, and which', () => {
    expect(whyDkim([{ domain: 'service.example', selector: 'k1', result: 'pass' }])).toEqual({
      code: 'signed_by_other_domain',
      domain: 'service.example',
      selector: 'k1',
      result: 'pass',
    })
  })

  test('the own signature failed, which says more than a foreign one that passed', () => {
    const signatures = [
      { domain: 'service.example', result: 'pass' },
      { domain: 'example.com', selector: 's1', result: 'fail' },
    ]
    expect(whyDkim(signatures)).toEqual({ code: 'signature_failed', domain: 'example.com', selector: 's1', result: 'fail' })
  })

  test('aligned but for strict mode', () => {
    expect(whyDkim([{ domain: 'mail.example.com', result: 'pass' }], 's')).toMatchObject({
      code: 'strict_alignment',
      domain: 'mail.example.com',
    })
  })

  test.each(['temperror', 'permerror'])('the key of the own signature could not be had: %s', (result) => {
    expect(whyDkim([{ domain: 'example.com', result }])).toMatchObject({ code: 'dns_error', domain: 'example.com', result })
  })

  test('only foreign signatures that failed count as not signed, and the first is named', () => {
    expect(whyDkim([{ domain: 'service.example', result: 'fail' }])).toMatchObject({ code: 'not_signed', domain: 'service.example' })
  })
})

describe('SPF', () => {
  test('is not explained when it passes for an aligned domain', () => {
    expect(whySpf([{ domain: 'bounce.example.com', result: 'pass' }])).toBeNull()
  })

  test('passes for another domain, and which', () => {
    expect(whySpf([{ domain: 'bounce.service.example', scope: 'mfrom', result: 'pass' }])).toEqual({
      code: 'passes_for_other_domain',
      domain: 'bounce.service.example',
      scope: 'mfrom',
      result: 'pass',
    })
  })

  test.each(['fail', 'softfail', 'neutral'])('the source is not permitted: %s', (result) => {
    expect(whySpf([{ domain: 'example.com', result }])).toMatchObject({ code: 'not_permitted', domain: 'example.com', result })
  })

  test('there is no record', () => {
    expect(whySpf([{ domain: 'example.com', result: 'none' }])).toMatchObject({ code: 'no_record', domain: 'example.com' })
  })

  test('aligned but for strict mode', () => {
    const reason = whySpf([{ domain: 'bounce.example.com', result: 'pass' }], { policy: { aspf: 's' } })
    expect(reason).toMatchObject({ code: 'strict_alignment', domain: 'bounce.example.com' })
  })

  test('the record could not be had', () => {
    expect(whySpf([{ domain: 'example.com', result: 'temperror' }])).toMatchObject({ code: 'dns_error', result: 'temperror' })
  })

  test('not reported, also when only the HELO name of a mail with a sender was checked', () => {
    expect(whySpf([])).toMatchObject({ code: 'not_reported', domain: null })
    expect(whySpf([{ domain: 'mx.example.com', scope: 'helo', result: 'pass' }], { envelopeFrom: 'list.example' })?.code).toBe(
      'not_reported',
    )
  })

  test('an empty domain stands for the envelope', () => {
    expect(whySpf([{ domain: '', result: 'fail' }], { envelopeFrom: 'example.com' })).toMatchObject({
      code: 'not_permitted',
      domain: 'example.com',
    })
  })
})
