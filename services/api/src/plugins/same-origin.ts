import type { FastifyRequest } from 'fastify'
import type { App, Context } from '../context.ts'
import { ProblemError } from '../problem.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Cross-site request forgery: a request that changes something and carries the cookie must come from our own pages. Browsers say
 * so in Sec-Fetch-Site, and where they don't (plain HTTP beyond loopback) in Origin. A bearer token is never sent by itself, so
 * requests with one pass. Requests without cookie (sign in, set up) pass only if no browser says that they come from elsewhere.
 */
export function addSameOriginCheck(app: App, { settings }: Context): void {
  const publicOrigin = settings.publicUrl === null ? null : new URL(settings.publicUrl).origin
  app.addHook('onRequest', async (request) => {
    if (safeMethods.has(request.method) || request.headers.authorization !== undefined) return
    if (!comesFromHere(request, publicOrigin)) {
      throw new ProblemError(403, 'cross_site', 'This request comes from another site, or does not say where it comes from.')
    }
  })
}

function comesFromHere(request: FastifyRequest, publicOrigin: string | null): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const { origin, cookie } = request.headers
  if (origin === undefined) return cookie === undefined
  return origin === publicOrigin || origin === `${request.protocol}://${request.host}`
}
