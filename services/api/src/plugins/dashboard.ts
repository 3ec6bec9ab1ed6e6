import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyRequest } from 'fastify'
import type { App, Context } from '../context.ts'
import { notFound, ProblemError } from '../problem.ts'
import { sendProblem } from './errors.ts'

/**
 * The dashboard's files, and its index page for every path that is not the API's: the page routes by itself.
 * Files below assets/ carry a hash in their name and never change; all others are asked for anew.
 */
export async function addDashboard(app: App, { dashboard, log }: Context): Promise<void> {
  const built = existsSync(join(dashboard, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: dashboard,
      cacheControl: false,
      setHeaders: (reply, path) => {
        reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  } else {
    log.warn(`The dashboard is not built: ${dashboard} has no index.html. Run: npm run build`)
  }
  app.setNotFoundHandler({ preHandler: [] }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/'
    if (!isPage(request, path)) return sendProblem(reply, notFound(`${request.method} ${path.slice(0, 200)}`))
    return built ? reply.sendFile('index.html') : sendProblem(reply, notBuilt)
  })
}

const notBuilt = new ProblemError(503, 'dashboard_missing', 'The dashboard is not built; run `npm run build`. The API works.')

/** A person's address, as opposed to a call of the API or a file that is not there (an old page asking for old assets). */
function isPage(request: FastifyRequest, path: string): boolean {
  const readable = request.method === 'GET' || request.method === 'HEAD'
  return readable && !/^\/(api|assets)(\/|$)/.test(path)
}
