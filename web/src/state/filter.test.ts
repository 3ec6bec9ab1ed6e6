import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiFilter, changeFilter, filterForOtherKind, filterHref, type PageFilter, PERIODS, rangeOf, readFilter } from './filter.ts'

const queryOf = (href: string) => Object.fromEntries(new URL(href, 'http://ruadar.example').searchParams)
const TODAY = '2026-11-24'

const name = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,40}$/)
const filters = fc.record(
  {
    domain: name,
    period: fc.constantFrom(...PERIODS),
    // Everything that a reporter may be called, signs of query strings included.
    reporter: fc.string({ minLength: 1, maxLength: 60 }).map((text) => `r${text}`.trim()),
    source: fc.constantFrom('192.0.2.1', '2001:db8::1'),
    sender: fc.integer({ min: 1, max: 999_999_999 }),
    headerFrom: name,
    disposition: fc.constantFrom('none', 'quarantine', 'reject', 'pass', 'unknown'),
    dmarc: fc.constantFrom('pass', 'fail'),
    dkim: fc.constantFrom('pass', 'fail', 'unknown'),
    spf: fc.constantFrom('pass', 'fail', 'unknown'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<PageFilter>

describe('the filter in the address', () => {
  it('comes back as it went in', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const { period, ...rest } = filter
        // The usual period is not written; without one it is meant.
        const expected = period && period !== '30d' ? filter : rest
        expect(readFilter(queryOf(filterHref('/sources', filter)))).toEqual(expected)
      }),
    )
  })

  it('is the same address for the same filter, whatever the order of its parts', () => {
    expect(filterHref('/', { spf: 'fail', domain: 'example.com' })).toBe(filterHref('/', { domain: 'example.com', spf: 'fail' }))
    expect(filterHref('/', {})).toBe('/')
  })

  it('drops what makes no sense and keeps the rest', () => {
    expect(readFilter({ domain: 'Example.COM', dmarc: 'maybe', from: '2026-02-30', disposition: 'reject', page: '7' })).toEqual({
      domain: 'example.com',
      disposition: 'reject',
    })
    expect(readFilter({ from: '2026-11-24', to: '2026-11-24' })).toEqual({})
    expect(readFilter({ domain: ' ', source: 'x'.repeat(46) })).toEqual({})
  })

  it('takes nothing from the prototype of objects', () => {
    expect(readFilter({ constructor: 'x', __proto__: 'y' })).toEqual({})
  })

  it('prefers a named period to fixed days', () => {
    expect(readFilter({ period: '7d', from: '2026-01-01', to: '2026-02-01' })).toEqual({ period: '7d' })
  })
})

describe('periods', () => {
  it('are half open and end with today', () => {
    expect(rangeOf({}, TODAY)).toEqual({ from: '2026-10-26', to: '2026-11-25' })
    expect(rangeOf({ period: '7d' }, TODAY)).toEqual({ from: '2026-11-18', to: '2026-11-25' })
    expect(rangeOf({ period: 'month' }, TODAY)).toEqual({ from: '2026-11-01', to: '2026-11-25' })
    expect(rangeOf({ period: 'last-month' }, TODAY)).toEqual({ from: '2026-10-01', to: '2026-11-01' })
  })

  it('know the turn of the year and leap days', () => {
    expect(rangeOf({ period: 'last-month' }, '2027-01-15')).toEqual({ from: '2026-12-01', to: '2027-01-01' })
    expect(rangeOf({ period: 'last-month' }, '2028-03-01')).toEqual({ from: '2028-02-01', to: '2028-03-01' })
  })

  it('fill in the missing end', () => {
    expect(rangeOf({ from: '2026-11-01' }, TODAY)).toEqual({ from: '2026-11-01', to: '2026-11-25' })
    expect(rangeOf({ to: '2026-11-01' }, TODAY)).toEqual({ from: '2026-10-02', to: '2026-11-01' })
  })

  it('reach the API as days, never as names', () => {
    expect(apiFilter({ period: '7d', domain: 'example.com' }, TODAY)).toEqual({
      domain: 'example.com',
      from: '2026-11-18',
      to: '2026-11-25',
    })
  })
})

describe('changing the filter', () => {
  const filter: PageFilter = { domain: 'example.com', period: '90d', dmarc: 'fail' }

  it('takes parts off and puts parts on', () => {
    expect(changeFilter(filter, { dmarc: undefined, spf: 'pass' })).toEqual({ domain: 'example.com', period: '90d', spf: 'pass' })
  })

  it('lets fixed days and named periods replace each other', () => {
    const fixed = changeFilter(filter, { from: '2026-11-01', to: '2026-11-02' })
    expect(fixed).toEqual({ domain: 'example.com', dmarc: 'fail', from: '2026-11-01', to: '2026-11-02' })
    expect(changeFilter(fixed, { period: '7d' })).toEqual({ domain: 'example.com', dmarc: 'fail', period: '7d' })
  })

  it('keeps on the way to reports of another kind what means the same there', () => {
    expect(filterForOtherKind({ ...filter, reporter: 'mx.example', source: '192.0.2.1' })).toEqual({
      domain: 'example.com',
      period: '90d',
      source: '192.0.2.1',
    })
  })
})
