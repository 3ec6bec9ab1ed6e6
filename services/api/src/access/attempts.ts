import type { FastifyRequest } from 'fastify'
import type { App } from '../context.ts'
import { ProblemError } from '../problem.ts'

const perAddress = { max: 10, timeWindow: 60_000 }
// Wider than one address may go in ten minutes, so that a stranger who guesses from one place does not lock the owner out.
const perName = { max: 150, timeWindow: 600_000 }
/** Password checks at the same time: each holds 19 MiB and a core. Also bounds how many guesses can slip past the count at once. */
const maxChecks = 4

export type Guard = <T>(request: FastifyRequest, check: () => Promise<T | null>) => Promise<T | null>

/**
 * Guards what can be guessed. `check` returns null when the guess was wrong; only those count, for the caller's address and for
 * the `name` in the body. Past the limit no check is made: 429 with Retry-After. In memory: each API process counts by itself.
 */
export function guessGuard(app: App): Guard {
  const limits = [
    app.createRateLimit(perAddress),
    app.createRateLimit({ ...perName, keyGenerator: (request) => `name ${nameIn(request.body).toLowerCase()}` }),
  ]
  let checks = 0
  return async (request, check) => {
    for (const limit of limits) {
      const state = await limit(request, { increment: false })
      if (!state.isAllowed && state.remaining === 0) {
        throw new ProblemError(429, 'too_many_attempts', `Too many wrong attempts. Try again in ${state.ttlInSeconds} seconds.`, {
          retryAfter: state.ttlInSeconds,
        })
      }
    }
    if (checks >= maxChecks)
      throw new ProblemError(429, 'busy', 'Several people sign in at the moment. Try again in a second.', { retryAfter: 1 })
    checks += 1
    try {
      const result = await check()
      if (result === null) await Promise.all(limits.map((limit) => limit(request)))
      return result
    } finally {
      checks -= 1
    }
  }
}

function nameIn(body: unknown): string {
  return typeof body === 'object' && body !== null && 'name' in body && typeof body.name === 'string' ? body.name : ''
}
