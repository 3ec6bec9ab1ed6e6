import { findUnready } from '@ruadar/platform'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { noSecurity, problems } from '../plugins/openapi.ts'
import { ProblemError } from '../problem.ts'

/** Codes of what is not as it has to be. */
const codes = { database: 'database_away', queue: 'queue_away', schema: 'schema_unfit' } as const

export function addHealthRoutes(app: App, parts: Context): void {
  const schema = { tags: ['health'], security: noSecurity, response: { 200: Type.Object({ status: Type.Literal('ok') }), ...problems } }

  app.get('/healthz', { schema: { ...schema, operationId: 'getHealth', summary: 'The process is alive' } }, async () => ({
    status: 'ok' as const,
  }))

  app.get(
    '/readyz',
    { schema: { ...schema, operationId: 'getReadiness', summary: "Database and queue answer, and the schema is this version's" } },
    async () => {
      const unready = await findUnready(parts)
      if (unready) throw new ProblemError(503, codes[unready.part], unready.message)
      return { status: 'ok' as const }
    },
  )
}
