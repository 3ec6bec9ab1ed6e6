import { expect, it } from 'vitest'
import { isPassing, pauseBefore } from './ask-again.ts'
import { ApiError } from './client.ts'

it.each([
  [new ApiError(0, 'offline', 'Failed to fetch'), true],
  [new ApiError(503, 'overloaded', 'The server is overloaded.'), true],
  [new ApiError(502, 'http_502', 'a proxy without a server'), true],
  [new ApiError(0, 'unexpected', 'a fault of the page itself'), false],
  [new ApiError(500, 'internal', 'would fail again'), false],
  [new ApiError(404, 'not_found', 'would fail again'), false],
])('%s: passing %s', (error, passing) => {
  expect(isPassing(error)).toBe(passing)
})

it('asks again less and less often, and never less than twice a minute', () => {
  expect([0, 1, 2, 3, 4, 100].map(pauseBefore)).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000])
})
