import { SenderRuleItem, SenderRuleRequest } from '@ruadar/contract'
import { faultyConditions, serviceKinds } from '@ruadar/senders'
import { Type } from 'typebox'
import { recordedName } from '../access/caller.ts'
import type { App, Context } from '../context.ts'
import { callerOf } from '../plugins/authenticate.ts'
import { problems } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { addSenderRule, deleteSenderRule, listSenderRules } from '../queries/sender-rules.ts'
import { nothing, smallIdParams } from './schemas.ts'

export function addSenderRuleRoutes(app: App, { database: { db } }: Context): void {
  const tags = ['senders']

  app.get(
    '/sender-rules',
    {
      schema: {
        tags,
        operationId: 'listSenderRules',
        summary: 'Senders that people added',
        description: 'Newest first: of several rules that fit the newest names the sender, before the catalogue does.',
        response: { 200: Type.Object({ items: Type.Array(SenderRuleItem) }), ...problems },
      },
    },
    async () => ({ items: await listSenderRules(db) }),
  )

  app.post(
    '/sender-rules',
    {
      schema: {
        tags,
        operationId: 'addSenderRule',
        summary: 'Add a sender',
        description: 'All reports of the past are gone through again in the background.',
        body: SenderRuleRequest,
        response: { 201: SenderRuleItem, ...problems },
      },
    },
    async (request, reply) => {
      const { name, kind, match } = request.body
      if (!(serviceKinds as readonly string[]).includes(kind)) {
        throw new ProblemError(400, 'bad_kind', `\`kind\` must be one of ${serviceKinds.join(', ')}.`)
      }
      const faulty = faultyConditions(match)
      if (faulty.length > 0) {
        throw new ProblemError(400, 'bad_match', 'A condition is no domain, pattern or network.', {
          errors: faulty.map((condition) => ({ path: `/body/match/${condition}`, message: 'is not well formed' })),
        })
      }
      const made = await addSenderRule(db, { name, kind, match }, recordedName(callerOf(request)))
      return reply.code(201).send(made)
    },
  )

  app.delete(
    '/sender-rules/:id',
    {
      schema: {
        tags,
        operationId: 'deleteSenderRule',
        summary: 'Delete a sender that somebody added',
        description: 'Its mail goes back to whom the catalogue or the evidence names.',
        params: smallIdParams,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      if (!(await deleteSenderRule(db, request.params.id))) throw notFound('such rule')
      return reply.code(204).send(null)
    },
  )
}
