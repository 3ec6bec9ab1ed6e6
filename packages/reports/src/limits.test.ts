import { describe, expect, test } from 'vitest'
import { defaultLimits, limitTable, parseLimits } from './limits.ts'

describe('limits as an operator writes them', () => {
  test('are names and whole numbers', () => {
    expect(parseLimits('records=5000000, mailParts=400')).toEqual({ records: 5_000_000, mailParts: 400 })
    expect(parseLimits('')).toEqual({})
  })

  test.each(['speed=1', '__proto__=1', 'constructor=1', 'Records=1', 'records'.repeat(50)])(
    'others are refused with the list: %s',
    (text) => {
      expect(() => parseLimits(text)).toThrow(/^There is no limit ".{1,40}"\. Limits are: mailBytes, .*batchRecords\.$/)
    },
  )

  test.each(['records', 'records=', 'records=0', 'records=-1', 'records=1e9', 'records=many', 'records=1.5', 'records=9999999999999999'])(
    'a value that is no whole number above 0 is refused: %s',
    (text) => {
      expect(() => parseLimits(text)).toThrow('The limit records must be a whole number above 0.')
    },
  )
})

test('each limit has a meaning and a default', () => {
  for (const [name, { value, meaning }] of Object.entries(limitTable)) {
    expect(meaning).toMatch(/^[A-Z].*\.$/)
    expect(defaultLimits).toHaveProperty(name, value)
  }
})
