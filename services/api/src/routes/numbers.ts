import {
  DomainItem,
  DomainNames,
  DomainQuery,
  DomainSummary,
  Filter,
  Page,
  pageOf,
  ReporterItem,
  Summary,
  Timeline,
} from '@ruadar/contract'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { findDomainNames } from '../queries/domain-names.ts'
import { summariseDomains } from '../queries/domain-summary.ts'
import { listDomains } from '../queries/domains.ts'
import { readFilter } from '../queries/question.ts'
import { listReporters } from '../queries/reporters.ts'
import { summarise } from '../queries/summary.ts'
import { askTimeline } from '../queries/timeline.ts'

export function addNumberRoutes(app: App, { reads: db, now }: Context): void {
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
        description:
          'Most messages first, or most failing ones. Domains that no report of the period is about are listed with zeros, after the others.',
        querystring: query({ ...Filter.properties, ...DomainQuery.properties, ...Page.properties }),
        response: { 200: pageOf(DomainItem), ...problems },
      },
    },
    (request) => {
      const { sort = 'messages', after, limit = 50, ...filter } = request.query
      return listDomains(db, readFilter(filter, now()), { sort, after, limit })
    },
  )

  app.get(
    '/domains/summary',
    {
      schema: {
        tags,
        operationId: 'summariseDomains',
        summary: 'How many domains have mail, and how many enforce a policy',
        querystring,
        response: { 200: DomainSummary, ...problems },
      },
    },
    (request) => summariseDomains(db, readFilter(request.query, now())),
  )

  app.get(
    '/domains/names',
    {
      schema: {
        tags,
        operationId: 'findDomainNames',
        summary: 'Names of domains with reports of any kind',
        description: 'In the order of names; those that begin with the text before those that only contain it.',
        querystring: query({
          search: Type.Optional(Type.String({ maxLength: 253, description: 'A part of the name' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
        }),
        response: { 200: DomainNames, ...problems },
      },
    },
    (request) => findDomainNames(db, request.query.search ?? '', request.query.limit ?? 50),
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
