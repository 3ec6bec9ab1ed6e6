import { describe, expect, test } from 'vitest'
import { type RecordEvidence, recompute } from './recompute.ts'

const record = (changes: Partial<RecordEvidence> = {}): RecordEvidence => ({
  headerFrom: 'news.example.com',
  envelopeFrom: null,
  dkim: 'fail',
  spf: 'fail',
  auth: { dkim: [], spf: [] },
  ...changes,
})
const dkim = (domain: string, result: string) => ({ auth: { dkim: [{ domain, result }], spf: [] } })
const spf = (domain: string, result: string, scope: string | null = null) => ({ auth: { dkim: [], spf: [{ domain, result, scope }] } })

describe('DKIM', () => {
  test('passes by one aligned signature among foreign and failed ones', () => {
    const signatures = [
      { domain: 'service.example', result: 'pass' },
      { domain: 'example.com', result: 'fail' },
      { domain: 'example.com', result: 'pass' },
    ]
    expect(recompute(record({ auth: { dkim: signatures, spf: [] } }), {})).toEqual({ dkim: 'pass', spf: 'fail', dmarc: 'pass' })
  })

  test('fails by a foreign signature, whatever the reporter says', () => {
    expect(recompute(record({ dkim: 'pass', ...dkim('service.example', 'pass') }), {}).dkim).toBe('fail')
  })

  test('fails for a parent domain under strict alignment', () => {
    expect(recompute(record(dkim('example.com', 'pass')), { adkim: 's' }).dkim).toBe('fail')
    expect(recompute(record(dkim('news.example.com', 'pass')), { adkim: 's' }).dkim).toBe('pass')
  })

  test.each(['neutral', 'policy', 'fail', 'none', 'permerror', 'unknown'])('never passes by the result %s', (result) => {
    expect(recompute(record(dkim('example.com', result)), {}).dkim).toBe('fail')
  })

  test('is undecided after a temporary error of an aligned signature, not of a foreign one', () => {
    expect(recompute(record(dkim('example.com', 'temperror')), {}).dkim).toBe('unknown')
    expect(recompute(record(dkim('service.example', 'temperror')), {}).dkim).toBe('fail')
  })

  test('is undecided when the reporter says pass but lists no signature', () => {
    expect(recompute(record({ dkim: 'pass' }), {})).toEqual({ dkim: 'unknown', spf: 'fail', dmarc: 'unknown' })
  })

  test('never aligns a signature without a domain', () => {
    expect(recompute(record(dkim('', 'pass')), {}).dkim).toBe('fail')
  })
})

describe('SPF', () => {
  test('passes for an aligned MAIL FROM, with the scope given or not', () => {
    expect(recompute(record(spf('bounce.example.com', 'pass')), {}).spf).toBe('pass')
    expect(recompute(record(spf('bounce.example.com', 'pass', 'mfrom')), {}).spf).toBe('pass')
  })

  test('does not count the HELO name when there was a sender', () => {
    expect(recompute(record({ envelopeFrom: 'bounce.example.com', ...spf('mx.example.com', 'pass', 'helo') }), {}).spf).toBe('fail')
  })

  test('counts the HELO name of a bounce', () => {
    expect(recompute(record({ envelopeFrom: '', ...spf('mx.example.com', 'pass', 'helo') }), {}).spf).toBe('pass')
    expect(recompute(record({ envelopeFrom: null, ...spf('mx.example.com', 'pass', 'helo') }), {}).spf).toBe('pass')
  })

  test('takes the envelope for an empty domain, but not under the HELO scope', () => {
    expect(recompute(record({ envelopeFrom: 'example.com', ...spf('', 'pass') }), {}).spf).toBe('pass')
    expect(recompute(record({ envelopeFrom: 'example.com', ...spf('', 'pass', 'helo') }), {}).spf).toBe('fail')
  })

  test('never passes by softfail or neutral', () => {
    expect(recompute(record(spf('example.com', 'softfail')), {}).spf).toBe('fail')
    expect(recompute(record(spf('example.com', 'neutral')), {}).spf).toBe('fail')
  })

  test('is undecided when the reporter says pass but names no domain', () => {
    expect(recompute(record({ spf: 'pass', ...spf('', 'none') }), {}).spf).toBe('unknown')
  })

  test('is undecided after a temporary error of an aligned domain', () => {
    expect(recompute(record(spf('example.com', 'temperror')), {}).spf).toBe('unknown')
  })

  test('follows aspf and not adkim', () => {
    expect(recompute(record(spf('example.com', 'pass')), { aspf: 's' }).spf).toBe('fail')
    expect(recompute(record(spf('example.com', 'pass')), { adkim: 's' }).spf).toBe('pass')
  })
})

test('everything is undecided without an Author Domain', () => {
  const verdicts = recompute(record({ headerFrom: null, ...dkim('example.com', 'pass') }), {})
  expect(verdicts).toEqual({ dkim: 'unknown', spf: 'unknown', dmarc: 'unknown' })
})

test('one pass decides DMARC although the other is undecided', () => {
  expect(recompute(record({ dkim: 'pass', ...spf('example.com', 'pass') }), {})).toEqual({ dkim: 'unknown', spf: 'pass', dmarc: 'pass' })
})
