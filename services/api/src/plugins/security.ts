import fastifyHelmet from '@fastify/helmet'
import fastifyUnderPressure from '@fastify/under-pressure'
import type { App, Context } from '../context.ts'
import { ProblemError } from '../problem.ts'

/** What a browser may do with our pages, and when we refuse work. Nothing but our own files runs, nobody may frame us. */
export async function addSecurity(app: App, { settings }: Context): Promise<void> {
  const self = ["'self'"]
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: self,
        styleSrc: self,
        imgSrc: ["'self'", 'data:'],
        fontSrc: self,
        connectSrc: self,
        manifestSrc: self,
        formAction: self,
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    // Only where the operator says that people come by https: the header would lock plain HTTP out for a year.
    hsts: settings.publicUrl?.startsWith('https:') ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  })
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  // An event loop that is seconds late answers nobody in time: shed work until it is back.
  await app.register(fastifyUnderPressure, {
    maxEventLoopDelay: 5000,
    pressureHandler: (request) => {
      if (request.url === '/healthz') return
      throw new ProblemError(503, 'overloaded', 'The server is overloaded. Try again in ten seconds.', { retryAfter: 10 })
    },
  })
}
