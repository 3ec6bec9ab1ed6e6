import { describe, expect, it } from 'vitest'
import { makeFormats } from './format.ts'

const en = makeFormats('en')
const ru = makeFormats('ru')
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('numbers', () => {
  it('are grouped as the language does', () => {
    expect(en.integer(1234567)).toBe('1,234,567')
    expect(plain(ru.integer(1234567))).toBe('1 234 567')
  })

  it('become short only where they are long', () => {
    expect(en.compact(9_999)).toBe('9,999')
    expect(en.compact(94_260).toLowerCase()).toBe('94.3k')
  })
})

describe('shares', () => {
  it('have one digit', () => {
    expect(en.share(951, 1000)).toBe('95.1%')
    expect(plain(ru.share(951, 1000))).toBe('95,1 %')
  })

  it('never round a failing message away', () => {
    expect(en.share(999_999, 1_000_000)).toBe('99.9%')
    expect(en.share(1, 1_000_000)).toBe('0.1%')
    expect(en.share(10, 10)).toBe('100%')
    expect(en.share(0, 10)).toBe('0%')
  })

  it('of nothing are nothing', () => {
    expect(en.share(0, 0)).toBe('–')
  })
})

describe('days and times', () => {
  it('are UTC and say so', () => {
    expect(en.day('2026-11-24')).toBe('24 Nov 2026')
    expect(plain(en.time('2026-11-24T23:30:00Z'))).toBe('24 Nov 2026, 23:30 UTC')
    expect(plain(ru.day('2026-11-24'))).toBe('24 нояб. 2026')
    expect(plain(ru.time('2026-11-24T23:30:00Z'))).toBe('24 нояб. 2026, 23:30 UTC')
  })

  it('are told as a distance when that is what matters', () => {
    const now = Date.parse('2026-11-24T12:00:00Z')
    expect(en.ago('2026-11-24T09:00:00Z', now)).toBe('3 hours ago')
    expect(en.ago('2026-11-23T11:00:00Z', now)).toBe('yesterday')
    expect(ru.ago('2026-11-24T09:00:00Z', now)).toBe('3 часа назад')
  })
})

it('tells sizes in the unit that fits', () => {
  expect(en.bytes(512)).toBe('512 bytes')
  expect(plain(en.bytes(2_600))).toBe('2.6 kB')
  expect(plain(en.bytes(25_000_000))).toBe('25 MB')
})
