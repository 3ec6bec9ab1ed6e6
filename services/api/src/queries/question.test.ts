import { describe, expect, it } from 'vitest'
import { assertAtMostDays, dayAfter, readFilter } from './question.ts'

const newYear = new Date('2026-01-01T00:00:00Z')

describe('the period', () => {
  it('is the 30 days that end with today, today by UTC', () => {
    expect(readFilter({}, newYear).period).toEqual({ from: '2025-12-03', to: '2026-01-02' })
    expect(readFilter({}, new Date('2025-12-31T23:59:59.999Z')).period).toEqual({ from: '2025-12-02', to: '2026-01-01' })
  })

  it('reaches from a given day to today', () => {
    expect(readFilter({ from: '2025-06-01' }, newYear).period).toEqual({ from: '2025-06-01', to: '2026-01-02' })
  })

  it('is the 30 days before a given end', () => {
    expect(readFilter({ to: '2024-03-01' }, newYear).period).toEqual({ from: '2024-01-31', to: '2024-03-01' })
  })

  it('holds at least one day', () => {
    expect(readFilter({ from: '2025-06-01', to: '2025-06-02' }, newYear).period.from).toBe('2025-06-01')
    expect(() => readFilter({ from: '2025-06-01', to: '2025-06-01' }, newYear)).toThrow('`from` must be a day before `to`')
    expect(() => readFilter({ from: '2026-01-02' }, newYear)).toThrow('`from` must be a day before `to`')
  })

  it('is bounded where each day has an element', () => {
    const days = (from: string, to: string) => () => assertAtMostDays({ from, to }, 800)
    expect(days('2024-01-01', '2026-03-11')).not.toThrow()
    expect(days('2024-01-01', '2026-03-12')).toThrow('800 days')
  })

  it('crosses months, years and leap days', () => {
    expect(['2024-02-28', '2024-02-29', '2025-12-31'].map(dayAfter)).toEqual(['2024-02-29', '2024-03-01', '2026-01-01'])
  })
})

describe('names and addresses', () => {
  it('are taken as they are stored', () => {
    expect(readFilter({ domain: 'EXAMPLE.com.', headerFrom: 'News.Example.COM', reporter: 'Mail Gateway' }, newYear)).toMatchObject({
      domain: 'example.com',
      headerFrom: 'news.example.com',
      reporter: 'Mail Gateway',
    })
  })

  it.each(['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '::'])('take %s as a source', (source) => {
    expect(readFilter({ source }, newYear).source).toBe(source)
  })

  it.each(['192.0.2', '192.0.2.0/24', 'fe80::1%eth0', 'example.com', '192.0.2.01'])('do not take %s as a source', (source) => {
    expect(() => readFilter({ source }, newYear)).toThrow('IPv4 or IPv6')
  })
})
