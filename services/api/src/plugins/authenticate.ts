import fastifyCookie from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'
import { type Access, type Caller, findCaller } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { ProblemError } from '../problem.ts'
import { cookieName, setSessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    /** Without it a route is for those who signed in. */
    access?: Access
  }
}

/** Finds out who asks before the body is read, and turns away whom a route is not for. Private by default. */
export async function addAuthentication(app: App, { database, settings }: Context): Promise<void> {
  await app.register(fastifyCookie)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access ?? 'signed-in'
    if (access === 'anyone') return
    const cookie = request.cookies[cookieName]
    request.caller = await findCaller(database.db, request.headers.authorization, cookie)
    if (!request.caller) throw new ProblemError(401, 'not_signed_in', 'Sign in, or send an API token as Authorization: Bearer.')
    if (access === 'person' && request.caller.via !== 'session') {
      throw new ProblemError(403, 'person_needed', 'An API token cannot do this; sign in with name and password.')
    }
    if (request.caller.via === 'session' && request.caller.extended && cookie !== undefined) setSessionCookie(reply, settings, cookie)
  })
}

/** Who asks a route that is not for anyone. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error(`the route ${request.routeOptions.url} lacks authentication`)
  return request.caller
}

/** The person behind a request of a route with access `person`. */
export function personOf(request: FastifyRequest): Extract<Caller, { via: 'session' }> {
  if (request.caller?.via !== 'session') throw new Error(`the route ${request.routeOptions.url} lacks access: 'person'`)
  return request.caller
}
