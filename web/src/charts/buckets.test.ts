import { describe, expect, it } from 'vitest'
import { addDays } from '../state/days.ts'
import { bucketDays, type DayCount } from './buckets.ts'

function daysFrom(first: string, count: number): DayCount[] {
  return Array.from({ length: count }, (_, index) => ({
    day: addDays(first, index),
    pass: 2 * index,
    fail: index,
  }))
}

describe('the bars of the chart', () => {
  it('are days while they can be told apart', () => {
    const buckets = bucketDays(daysFrom('2026-11-01', 30))
    expect(buckets).toHaveLength(30)
    expect(buckets[4]).toEqual({ from: '2026-11-05', to: '2026-11-06', pass: 8, fail: 4 })
  })

  it('are weeks from Monday for long periods, cut where the period is', () => {
    const buckets = bucketDays(daysFrom('2026-01-01', 365))
    expect(buckets[0]).toMatchObject({ from: '2026-01-01', to: '2026-01-05' })
    expect(buckets[1]).toMatchObject({ from: '2026-01-05', to: '2026-01-12' })
    expect(buckets.at(-1)?.to).toBe('2027-01-01')
  })

  it('lose nothing that was counted', () => {
    const days = daysFrom('2025-11-25', 365)
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
    const buckets = bucketDays(days)
    expect(sum(buckets.map((bucket) => bucket.pass))).toBe(sum(days.map((day) => day.pass)))
    expect(sum(buckets.map((bucket) => bucket.fail))).toBe(sum(days.map((day) => day.fail)))
  })
})
