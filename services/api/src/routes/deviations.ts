import { DeviationItem, DeviationQuery, Page, pageOf } from '@ruadar/contract'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { listDeviations } from '../queries/deviations.ts'

export function addDeviationRoutes(app: App, { reads: db }: Context): void {
  app.get(
    '/deviations',
    {
      schema: {
        tags: ['reports'],
        operationId: 'listDeviations',
        summary: 'What had to be repaired, and in whose reports',
        description: 'What occurs in most reports first. Counts reports of all time, conflicts and deleted ones included.',
        querystring: query({ ...DeviationQuery.properties, ...Page.properties }),
        response: { 200: pageOf(DeviationItem), ...problems },
      },
    },
    ({ query: { after, limit = 50, ...about } }) => listDeviations(db, about, { after, limit }),
  )
}
