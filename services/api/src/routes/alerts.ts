import { AlertChange, AlertDetail, AlertPage, AlertQuery, Attention, Page } from '@ruadar/contract'
import { recordedName } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { callerOf } from '../plugins/authenticate.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { askAlert, changeAlert, listAlerts } from '../queries/alerts.ts'
import { readFilter } from '../queries/question.ts'
import { askAttention } from '../queries/sender-summary.ts'
import { smallIdParams } from './schemas.ts'

export function addAlertRoutes(app: App, { database: { db }, now }: Context): void {
  const tags = ['alerts']

  app.get(
    '/alerts',
    {
      schema: {
        tags,
        operationId: 'listAlerts',
        summary: 'Alerts and their history',
        description: 'Open ones first, then newest day first. Withdrawn ones, which later reports contradict, only when asked for.',
        querystring: query({ ...AlertQuery.properties, ...Page.properties }),
        response: { 200: AlertPage, ...problems },
      },
    },
    (request) => {
      const { after, limit = 50, ...about } = request.query
      return listAlerts(db, about, { after, limit })
    },
  )

  app.get(
    '/alerts/:id',
    {
      schema: {
        tags,
        operationId: 'getAlert',
        summary: 'One alert and what happened to it',
        params: smallIdParams,
        response: { 200: AlertDetail, ...problems },
      },
    },
    async (request) => (await askAlert(db, request.params.id)) ?? missing(),
  )

  app.patch(
    '/alerts/:id',
    {
      schema: {
        tags,
        operationId: 'changeAlert',
        summary: 'Acknowledge, snooze, close or reopen an alert',
        description: 'A snoozed one opens again at `until`, and is told anew.',
        params: smallIdParams,
        body: AlertChange,
        response: { 200: AlertDetail, ...problems },
      },
    },
    async (request) => {
      const { id } = request.params
      const { state, until } = request.body
      if (state === 'snoozed' && (until === undefined || Date.parse(until) <= now().getTime())) {
        throw new ProblemError(400, 'bad_until', '`until` must be a time to come when the state is snoozed.')
      }
      if (!(await changeAlert(db, id, request.body, recordedName(callerOf(request))))) missing()
      return (await askAlert(db, id)) ?? missing()
    },
  )

  app.get(
    '/attention',
    {
      schema: {
        tags,
        operationId: 'getAttention',
        summary: 'What waits for a person',
        description: 'Unknown senders of the last 30 days, and open alerts.',
        response: { 200: Attention, ...problems },
      },
    },
    () => askAttention(db, readFilter({}, now())),
  )
}

function missing(): never {
  throw notFound('such alert')
}
