import { Channel, ChannelInput, ChannelTest, Delivery, DeliveryPage, Page } from '@ruadar/contract'
import { sendTest } from '@ruadar/ingest'
import { Type } from 'typebox'
import { divideChannel, type StoredChannel } from '../channel-secrets.ts'
import type { App, Context } from '../context.ts'
import { seal } from '../mailbox-secrets.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { deleteChannel, findStoredChannel, insertChannel, listChannels, updateChannel } from '../queries/channels.ts'
import { listDeliveries, retryDelivery } from '../queries/deliveries.ts'
import { nothing, smallIdParams } from './schemas.ts'

export function addChannelRoutes(app: App, { database, settings, stopping }: Context): void {
  const { db } = database
  const { secretKey } = settings
  const tags = ['channels']

  app.get(
    '/channels',
    {
      schema: {
        tags,
        operationId: 'listChannels',
        summary: 'Channels with their health',
        response: { 200: Type.Object({ items: Type.Array(Channel) }), ...problems },
      },
    },
    async () => ({ items: await listChannels(db) }),
  )

  app.post(
    '/channels',
    {
      schema: {
        tags,
        operationId: 'createChannel',
        summary: 'Send alerts, and digests by e-mail, somewhere',
        description: 'Secrets, which the addresses of webhooks are too, are stored encrypted and never come out again.',
        body: ChannelInput,
        response: { 201: Channel, ...problems },
      },
    },
    async (request, reply) => {
      const id = await insertChannel(db, request.body, sealed(request.body, null))
      return reply.code(201).send(await channelOr404(id))
    },
  )

  app.put(
    '/channels/:id',
    {
      schema: {
        tags,
        operationId: 'replaceChannel',
        summary: 'Change a channel',
        description: 'A secret that is left out stays as it is, unless the server is another one. What waits is tried again at once.',
        params: smallIdParams,
        body: ChannelInput,
        response: { 200: Channel, ...problems },
      },
    },
    async (request) => {
      const { id } = request.params
      const stored = (await findStoredChannel(db, id)) ?? missing()
      if (!(await updateChannel(db, id, request.body, sealed(request.body, stored)))) missing()
      return channelOr404(id)
    },
  )

  app.delete(
    '/channels/:id',
    {
      schema: {
        tags,
        operationId: 'deleteChannel',
        summary: 'Delete a channel',
        description: 'Its deliveries go with it, those that wait included.',
        params: smallIdParams,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      if (!(await deleteChannel(db, request.params.id))) missing()
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/channels/:id/test',
    {
      schema: {
        tags,
        operationId: 'testChannel',
        summary: 'Send a test message',
        description: 'Sends at once and answers with what came of it, within 20 seconds. Works for a channel that is switched off, too.',
        params: smallIdParams,
        response: { 200: ChannelTest, ...problems },
      },
    },
    async (request) => {
      const attempt = await sendTest({ database, settings, stopping }, request.params.id)
      return attempt ?? missing()
    },
  )

  app.get(
    '/channels/:id/deliveries',
    {
      schema: {
        tags,
        operationId: 'listDeliveries',
        summary: 'What a channel was handed',
        description: 'Newest first, with every attempt and what the other side said. Kept for 90 days.',
        params: smallIdParams,
        querystring: query(Page.properties),
        response: { 200: DeliveryPage, ...problems },
      },
    },
    async (request) => {
      const { after, limit = 50 } = request.query
      return listDeliveries(db, await channelOr404(request.params.id), { after, limit })
    },
  )

  app.post(
    '/channels/:id/deliveries/:delivery/retry',
    {
      schema: {
        tags,
        operationId: 'retryDelivery',
        summary: 'Try a delivery again that was given up',
        params: Type.Object({ ...smallIdParams.properties, delivery: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) }),
        response: { 200: Delivery, ...problems },
      },
    },
    async (request) => {
      const channel = await channelOr404(request.params.id)
      const delivery = await retryDelivery(db, channel, request.params.delivery)
      if (!delivery)
        throw new ProblemError(409, 'not_given_up', 'Only a delivery that was given up can be tried again; a test is sent anew.')
      return delivery
    },
  )

  function sealed(input: ChannelInput, stored: StoredChannel | null): StoredChannel {
    const { definition, secrets } = divideChannel(input, stored, settings)
    return { definition, secrets: seal(secrets, secretKey) }
  }

  async function channelOr404(id: number): Promise<Channel> {
    const [channel] = await listChannels(db, id)
    return channel ?? missing()
  }
}

function missing(): never {
  throw notFound('such channel')
}
