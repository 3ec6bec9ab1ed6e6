import { describe, expect, it } from 'vitest'
import { type Failure, mergeReasons } from './reasons.ts'

const signedBy = (domain: string, messages: number, more: Partial<Failure> = {}): Failure => ({
  source: '198.51.100.7',
  headerFrom: 'example.com',
  envelopeFrom: null,
  dkim: [{ domain, selector: null, result: 'pass', humanResult: null }],
  spf: [],
  adkim: null,
  aspf: null,
  messages,
  ...more,
})

describe('reasons', () => {
  it('that are equal are added up, whatever the selector, largest first', () => {
    const other = signedBy('esp.example', 30, { dkim: [{ domain: 'esp.example', selector: 'k2', result: 'pass', humanResult: 'ok' }] })
    const reasons = mergeReasons([signedBy('other.example', 40), signedBy('esp.example', 20), other], 10).get('198.51.100.7')
    expect(reasons?.map((it) => [it.mechanism, it.code, it.domain, it.messages])).toEqual([
      ['spf', 'not_reported', null, 90],
      ['dkim', 'signed_by_other_domain', 'esp.example', 50],
      ['dkim', 'signed_by_other_domain', 'other.example', 40],
    ])
  })

  it('are kept apart by source and Author Domain, and cut to the largest', () => {
    const reasons = mergeReasons(
      [
        signedBy('esp.example', 5),
        signedBy('esp.example', 3, { headerFrom: 'example.org' }),
        signedBy('esp.example', 9, { source: '192.0.2.1' }),
      ],
      2,
    )
    expect(reasons.get('192.0.2.1')).toHaveLength(2)
    expect(reasons.get('198.51.100.7')?.map((it) => [it.headerFrom, it.messages])).toEqual([
      ['example.com', 5],
      ['example.com', 5],
    ])
  })

  it('are none where our own reading of the results would pass', () => {
    const disagreed = signedBy('example.com', 4, { spf: [{ domain: 'example.com', scope: 'mfrom', result: 'pass', humanResult: null }] })
    expect(mergeReasons([disagreed], 4).get('198.51.100.7')).toEqual([])
  })
})
