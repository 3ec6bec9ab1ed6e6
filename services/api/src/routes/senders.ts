import { Filter, Page, SenderDetail, SenderPage, SenderQuery, SenderSource, SenderSummary, pageOf } from '@ruadar/contract'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound } from '../problem.ts'
import { readFilter } from '../queries/question.ts'
import { askSender } from '../queries/sender.ts'
import { listSenderSources } from '../queries/sender-sources.ts'
import { summariseSenders } from '../queries/sender-summary.ts'
import { listSenders } from '../queries/senders.ts'
import { smallIdParams } from './schemas.ts'

/** A sender is in the path, not in the filter. */
const aboutSender = Type.Omit(Filter, ['sender']).properties

export function addSenderRoutes(app: App, { reads: db, now }: Context): void {
  const tags = ['senders']

  app.get(
    '/senders',
    {
      schema: {
        tags,
        operationId: 'listSenders',
        summary: 'Who sends as the domain',
        description:
          'Senders with mail in the period, those with most messages first. Addresses are grouped by whoever operates them. With `domain` the state and the diagnosis are that domain’s; without it those of the domain where most is to be done. New reports show up within seconds.',
        querystring: query({ ...Filter.properties, ...SenderQuery.properties, ...Page.properties }),
        response: { 200: SenderPage, ...problems },
      },
    },
    (request) => {
      const { sort, state, kind, undecided, task, after, limit = 50, ...filter } = request.query
      return listSenders(db, readFilter(filter, now()), { sort, state, kind, undecided, task }, { after, limit })
    },
  )

  app.get(
    '/senders/summary',
    {
      schema: {
        tags,
        operationId: 'getSenderSummary',
        summary: 'How many senders stand where',
        querystring: query(Filter.properties),
        response: { 200: SenderSummary, ...problems },
      },
    },
    (request) => summariseSenders(db, readFilter(request.query, now())),
  )

  app.get(
    '/senders/:id',
    {
      schema: {
        tags,
        operationId: 'getSender',
        summary: 'One sender',
        description: 'Zeros and empty lists for one without mail in the period. At most 800 days.',
        params: smallIdParams,
        querystring: query(aboutSender),
        response: { 200: SenderDetail, ...problems },
      },
    },
    async (request) => {
      const sender = await askSender(db, { ...readFilter(request.query, now()), sender: request.params.id })
      if (!sender) throw notFound('such sender')
      return sender
    },
  )

  app.get(
    '/senders/:id/sources',
    {
      schema: {
        tags,
        operationId: 'listSenderSources',
        summary: 'Addresses of a sender',
        description: 'Those with most messages first, with what look-ups say of them.',
        params: smallIdParams,
        querystring: query({ ...aboutSender, ...Page.properties }),
        response: { 200: pageOf(SenderSource), ...problems },
      },
    },
    (request) => {
      const { after, limit = 50, ...filter } = request.query
      return listSenderSources(db, { ...readFilter(filter, now()), sender: request.params.id }, { after, limit })
    },
  )
}
