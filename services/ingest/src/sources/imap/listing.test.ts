import { expect, test } from 'vitest'
import { toSequenceSet } from './listing.ts'

test('writes runs of UIDs as ranges', () => {
  expect(toSequenceSet([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10')
  expect(toSequenceSet([4])).toBe('4')
  expect(toSequenceSet([])).toBe('')
})
