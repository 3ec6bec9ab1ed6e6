import { expect, it, vi } from 'vitest'
import { isPassing, pauseBefore } from './ask-again.ts'
import { ApiError, ask, toApiError } from './client.ts'

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
  const away = new ApiError(0, 'offline', 'Failed to fetch')
  expect([0, 1, 2, 3, 4, 100].map((failures) => pauseBefore(failures, away, 0))).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000])
})

it('spreads what failed at the same moment over a quarter of the pause', () => {
  const away = new ApiError(0, 'offline', 'Failed to fetch')
  expect([0, 0.5, 1].map((chance) => pauseBefore(1, away, chance))).toEqual([4000, 4500, 5000])
  const pauses = Array.from({ length: 50 }, () => pauseBefore(0, away))
  expect(new Set(pauses).size).toBeGreaterThan(1)
  expect(pauses.every((pause) => pause >= 2000 && pause <= 2500)).toBe(true)
})

it.each([
  ['10', 10_000],
  ['3600', 30_000],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 2000],
])('asks an overloaded server again when it wants to be asked: Retry-After %s', async (retryAfter, pause) => {
  const answer = new Response('{"code":"overloaded"}', { status: 503, headers: { 'retry-after': retryAfter } })
  vi.stubGlobal('fetch', () => Promise.resolve(answer))
  const error = await ask('/summary').catch(toApiError)
  vi.unstubAllGlobals()
  expect(error).toMatchObject({ status: 503, code: 'overloaded' })
  expect(pauseBefore(0, error as ApiError, 0)).toBe(pause)
})
