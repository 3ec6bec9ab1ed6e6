import { sql } from '@ruadar/platform'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { noSecurity, problems } from '../plugins/openapi.ts'
import { ProblemError } from '../problem.ts'

/** Longer than any healthy answer, shorter than a load balancer's patience. */
const patienceMs = 2000

export function addHealthRoutes(app: App, { database: { db }, queue, log }: Context): void {
  const schema = { tags: ['health'], security: noSecurity, response: { 200: Type.Object({ status: Type.Literal('ok') }), ...problems } }

  app.get('/healthz', { schema: { ...schema, operationId: 'getHealth', summary: 'The process is alive' } }, async () => ({
    status: 'ok' as const,
  }))

  app.get('/readyz', { schema: { ...schema, operationId: 'getReadiness', summary: 'Database and queue answer' } }, async () => {
    await Promise.all([answers('database', sql`select 1`.execute(db)), answers('queue', queue.depth())])
    return { status: 'ok' as const }
  })

  async function answers(part: string, question: Promise<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs} ms`)), patienceMs)
    })
    try {
      await Promise.race([question, late])
    } catch (error) {
      log.warn({ err: error }, `the ${part} does not answer`)
      throw new ProblemError(503, `${part}_away`, `The ${part} does not answer.`)
    } finally {
      clearTimeout(timer)
    }
  }
}
