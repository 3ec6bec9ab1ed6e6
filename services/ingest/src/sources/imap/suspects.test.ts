import { expect, test } from 'vitest'
import { createSuspects } from './suspects.ts'

test('counts only refusals of a mail by itself against it', () => {
  const suspects = createSuspects()
  for (let time = 0; time < 10; time++) suspects.add([1, 2, 3], new Error('refused'))
  expect(suspects.has(2)).toBe(true)
  expect(suspects.isHopeless(2)).toBe(false)
  for (let time = 0; time < 4; time++) suspects.add([2], Object.assign(new Error('refused'), { responseText: 'broken\r\nfile' }))
  expect(suspects.isHopeless(2)).toBe(true)
  expect(suspects.isHopeless(1)).toBe(false)
  expect(suspects.has(4)).toBe(false)
  expect(suspects.reason(2)).toBe('broken file')
})
