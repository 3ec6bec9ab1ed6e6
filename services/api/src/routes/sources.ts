import { Filter, Page, pageOf, SourceDetail, SourceItem, SourceQuery } from '@ruadar/contract'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { readFilter, readSource } from '../queries/question.ts'
import { askSource } from '../queries/source.ts'
import { listSources } from '../queries/sources.ts'

export function addSourceRoutes(app: App, { reads: db, now }: Context): void {
  const tags = ['numbers']

  app.get(
    '/sources',
    {
      schema: {
        tags,
        operationId: 'listSources',
        summary: 'Sources with their sums and why they fail',
        description:
          'Sources with most failing messages first, or with most messages. Reasons say which mechanism failed to align and with which domain.',
        querystring: query({ ...Filter.properties, ...SourceQuery.properties, ...Page.properties }),
        response: { 200: pageOf(SourceItem), ...problems },
      },
    },
    (request) => {
      const { sort = 'failing', after, limit = 50, ...filter } = request.query
      return listSources(db, readFilter(filter, now()), { sort, after, limit })
    },
  )

  app.get(
    '/sources/:source',
    {
      schema: {
        tags,
        operationId: 'getSource',
        summary: 'One source',
        description: 'Zeros and empty lists for an address that nobody reported in the period. At most 800 days.',
        params: Type.Object({ source: Type.String({ maxLength: 45, description: 'IP address' }) }),
        querystring: query(Type.Omit(Filter, ['source']).properties),
        response: { 200: SourceDetail, ...problems },
      },
    },
    (request) => {
      const source = readSource(request.params.source)
      return askSource(db, { ...readFilter(request.query, now()), source })
    },
  )
}
