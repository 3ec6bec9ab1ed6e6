import { runTask, timed } from '@ruadar/platform'
import type { FastifyRequest } from 'fastify'
import type { App } from '../context.ts'

/** Names each question by its operationId, for metrics and for every log line and statement under it, and times its answer. */
export function addTiming(app: App): void {
  // Twice: what reads a body goes on in the events of the socket, which belong to no task.
  app.addHook('onRequest', (request, _, done) => runTask({ question: questionOf(request) }, done))
  app.addHook('preHandler', (request, _, done) => runTask({ question: questionOf(request) }, done))
  app.addHook('onResponse', async (request, reply) => {
    const status = `${Math.floor(reply.statusCode / 100)}xx`
    timed.answers.observe({ question: questionOf(request), status }, reply.elapsedTime / 1000)
  })
}

/** Files of the page and addresses that are none share a name: a path must never become a label. */
function questionOf({ routeOptions }: FastifyRequest): string {
  const { operationId } = (routeOptions.schema ?? {}) as { operationId?: string }
  return operationId ?? 'page'
}
