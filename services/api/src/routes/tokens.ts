import { TokenCreated, TokenItem, TokenRequest } from '@ruadar/contract'
import { OperatorError } from '@ruadar/platform'
import { Type } from 'typebox'
import { createToken, deleteToken, listTokens } from '../access/tokens.ts'
import type { App, Context } from '../context.ts'
import { personOf } from '../plugins/authenticate.ts'
import { problems } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { nothing, smallIdParams } from './schemas.ts'

export function addTokenRoutes(app: App, { database: { db } }: Context): void {
  const tags = ['access']
  const config = { access: 'person' } as const

  app.get(
    '/tokens',
    {
      config,
      schema: {
        tags,
        operationId: 'listTokens',
        summary: 'API tokens, without their values',
        response: { 200: Type.Object({ items: Type.Array(TokenItem) }), ...problems },
      },
    },
    async () => ({ items: await listTokens(db) }),
  )

  app.post(
    '/tokens',
    {
      config,
      schema: {
        tags,
        operationId: 'createToken',
        summary: 'Make an API token',
        description:
          'For Authorization: Bearer. The value is in this answer only. `seesAddresses` can be given by a person who has it, and is logged.',
        body: TokenRequest,
        response: { 201: TokenCreated, ...problems },
      },
    },
    async (request, reply) => {
      const { name, seesAddresses = false } = request.body
      if (seesAddresses && !personOf(request).seesAddresses) {
        throw new ProblemError(403, 'addresses_hidden', 'Your account may not see recipients, so that no token of yours can.')
      }
      const created = await createToken(db, name, { seesAddresses }).catch((error: unknown) => {
        throw error instanceof OperatorError ? new ProblemError(409, 'name_taken', error.message) : error
      })
      if (seesAddresses) request.log.info({ user: personOf(request).name, token: name }, 'a token that may see recipients was made')
      return reply.code(201).send(created)
    },
  )

  app.delete(
    '/tokens/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteToken',
        summary: 'Revoke an API token',
        params: smallIdParams,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      if (!(await deleteToken(db, request.params.id))) throw notFound('such token')
      return reply.code(204).send(null)
    },
  )
}
