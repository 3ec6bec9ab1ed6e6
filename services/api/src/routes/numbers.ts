import { DomainItem, Filter, ReporterItem, Summary, Timeline } from '@ruadar/contract'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { listDomains } from '../queries/domains.ts'
import { readFilter } from '../queries/filter.ts'
import { listReporters } from '../queries/reporters.ts'
import { summarise } from '../queries/summary.ts'
import { askTimeline } from '../queries/timeline.ts'

export function addNumberRoutes(app: App, { database: { db }, now }: Context): void {
  const tags = ['numbers']
  const querystring = query(Filter.properties)

  app.get(
    '/summary',
    {
      schema: {
        tags,
        operationId: 'getSummary',
        summary: 'Sums of a period',
        description: 'Counts messages, as reported, of counted reports whose day is in the period. Without `domain` it sums all domains.',
        querystring,
        response: { 200: Summary, ...problems },
      },
    },
    (request) => summarise(db, readFilter(request.query, now())),
  )

  app.get(
    '/timeline',
    {
      schema: {
        tags,
        operationId: 'getTimeline',
        summary: 'Sums for each day of a period',
        description: 'One element for every UTC day, days without mail included. At most 800 days.',
        querystring,
        response: { 200: Timeline, ...problems },
      },
    },
    (request) => askTimeline(db, readFilter(request.query, now())),
  )

  app.get(
    '/domains',
    {
      schema: {
        tags,
        operationId: 'listDomains',
        summary: 'Policy Domains with their sums and newest policy',
        description: 'Largest first, at most 1000. Domains that no report of the period is about are listed with zeros.',
        querystring,
        response: { 200: Type.Object({ items: Type.Array(DomainItem) }), ...problems },
      },
    },
    async (request) => ({ items: await listDomains(db, readFilter(request.query, now())) }),
  )

  app.get(
    '/reporters',
    {
      schema: {
        tags,
        operationId: 'listReporters',
        summary: 'Reporters with their sums',
        description: 'Those with counted reports in the period, largest first, at most 1000.',
        querystring,
        response: { 200: Type.Object({ items: Type.Array(ReporterItem) }), ...problems },
      },
    },
    async (request) => ({ items: await listReporters(db, readFilter(request.query, now())) }),
  )
}
