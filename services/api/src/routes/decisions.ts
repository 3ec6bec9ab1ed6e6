import { Decision, DecisionAnswer, DecisionRequest, Page, pageOf, UndoRequest } from '@ruadar/contract'
import { decideSenders, undoDecisions } from '@ruadar/ingest'
import { Type } from 'typebox'
import { recordedName } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { callerOf } from '../plugins/authenticate.ts'
import { problems, query } from '../plugins/openapi.ts'
import { ProblemError } from '../problem.ts'
import { listDecisions } from '../queries/decisions.ts'
import { nothing } from './schemas.ts'

export function addDecisionRoutes(app: App, { database: { db } }: Context): void {
  const tags = ['senders']

  app.get(
    '/decisions',
    {
      schema: {
        tags,
        operationId: 'listDecisions',
        summary: 'What people decided about senders',
        description: 'Newest first.',
        querystring: query({
          domain: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
          sender: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: 'Id of a sender' })),
          ...Page.properties,
        }),
        response: { 200: pageOf(Decision), ...problems },
      },
    },
    (request) => {
      const { domain, sender, after, limit = 50 } = request.query
      return listDecisions(db, { domain: domain?.toLowerCase(), sender }, { after, limit })
    },
  )

  app.post(
    '/decisions',
    {
      schema: {
        tags,
        operationId: 'decideSenders',
        summary: 'Say what senders are to a domain',
        description:
          'Applies to all addresses of the senders, those to come included. `state` null goes by the evidence again. Senders that are what was decided already, or were never seen for the domain, are left out of the answer.',
        body: DecisionRequest,
        response: { 200: DecisionAnswer, ...problems },
      },
    },
    async (request) => {
      const { domain, senders, state, note = null } = request.body
      return { decisions: await decideSenders(db, { domain, senders, state, note, by: recordedName(callerOf(request)) }) }
    },
  )

  app.post(
    '/decisions/undo',
    {
      schema: {
        tags,
        operationId: 'undoDecisions',
        summary: 'Take decisions back',
        description: 'All or none. 409 `decision_superseded` when somebody has decided on one of the senders since.',
        body: UndoRequest,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      const undone = await undoDecisions(db, request.body.decisions, recordedName(callerOf(request)))
      if (!undone) throw new ProblemError(409, 'decision_superseded', 'One of these senders was decided on again since; look at it anew.')
      return reply.code(204).send(null)
    },
  )
}
