import { FailureDetail, FailureFilter, FailureItem, FailureSummary, Page, pageOf } from '@ruadar/contract'
import type { FastifyRequest } from 'fastify'
import { recordedName } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { callerOf } from '../plugins/authenticate.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound } from '../problem.ts'
import { openFailure } from '../queries/failure.ts'
import { summariseFailures } from '../queries/failure-summary.ts'
import { listFailures } from '../queries/failures.ts'
import { readFilter } from '../queries/question.ts'

import { idParams } from './schemas.ts'

export function addFailureRoutes(app: App, { database: { db }, settings, now }: Context): void {
  const tags = ['failures']

  app.get(
    '/failures',
    {
      schema: {
        tags,
        operationId: 'listFailures',
        summary: 'Failure reports of messages of a period, newest first',
        querystring: query({ ...FailureFilter.properties, ...Page.properties }),
        response: { 200: pageOf(FailureItem), ...problems },
      },
    },
    (request) => {
      const { after, limit = 50, ...filter } = request.query
      return listFailures(db, readFailureFilter(filter), { after, limit }, callerOf(request))
    },
  )

  app.get(
    '/failures/summary',
    {
      schema: {
        tags,
        operationId: 'getFailureSummary',
        summary: 'Messages that failure reports stand for, by day and kind of failure',
        description: 'One element for every UTC day, days without reports included. At most 800 days.',
        querystring: query(FailureFilter.properties),
        response: { 200: FailureSummary, ...problems },
      },
    },
    (request) => summariseFailures(db, readFailureFilter(request.query)),
  )

  app.get(
    '/failures/:id',
    {
      schema: {
        tags,
        operationId: 'getFailure',
        summary: 'One failure report with the sample, beside what aggregate reports say of that source and day',
        description:
          "Each call is recorded as an opening of the sample. The recipients' local parts are redacted unless the caller may see them (/account).",
        params: idParams,
        response: { 200: FailureDetail, ...problems },
      },
    },
    async (request) => {
      const found = await openFailure(db, Number(request.params.id), viewerOf(request), settings.sampleDays)
      if (!found) throw notFound('such failure report')
      return found
    },
  )

  function readFailureFilter({ authFailure, ...filter }: FailureFilter) {
    return { ...readFilter(filter, now()), ...(authFailure === undefined ? {} : { authFailure }) }
  }
}

/** Who opens a sample, as it is recorded. */
export function viewerOf(request: FastifyRequest): { name: string; seesAddresses: boolean } {
  const caller = callerOf(request)
  return { name: recordedName(caller), seesAddresses: caller.seesAddresses }
}
