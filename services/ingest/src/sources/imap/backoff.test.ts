import { expect, test } from 'vitest'
import { backoff } from './backoff.ts'

const most = () => 1
const least = () => 0

test('waits twice as long after each failure, at most 5 minutes, for ever', () => {
  expect([1, 2, 3, 4, 8, 9, 10, 1000].map((failures) => backoff(failures, 'timeout', most))).toEqual([
    1000, 2000, 4000, 8000, 128_000, 256_000, 300_000, 300_000,
  ])
})

test('leaves half of the wait to chance', () => {
  expect(backoff(1000, 'timeout', least)).toBe(150_000)
})

test('is slow to offer refused credentials again', () => {
  expect(backoff(1, 'login_failed', least)).toBe(15_000)
  expect(backoff(1, 'oauth_failed', most)).toBe(30_000)
})
