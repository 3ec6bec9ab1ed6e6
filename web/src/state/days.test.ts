import { describe, expect, it } from 'vitest'
import { addDays, daysBetween, isDay, utcToday, weekStart } from './days.ts'

describe('UTC days', () => {
  it('are those of the calendar', () => {
    expect(isDay('2028-02-29')).toBe(true)
    expect(['2026-02-29', '2026-13-01', '2026-1-1', '', '2026-11-24T00:00:00Z'].filter(isDay)).toEqual([])
  })

  it('are counted without daylight saving', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30')
    expect(daysBetween('2026-10-24', '2026-10-27')).toBe(3)
  })

  it('do not follow the local time zone', () => {
    expect(utcToday(new Date('2026-11-24T23:30:00-05:00'))).toBe('2026-11-25')
  })

  it('begin their weeks on Monday', () => {
    expect(weekStart('2026-11-24')).toBe('2026-11-23')
    expect(weekStart('2026-11-23')).toBe('2026-11-23')
    expect(weekStart('2026-11-29')).toBe('2026-11-23')
  })
})
