import { Mailbox, MailboxInput, MailboxTest, MailboxTestRequest } from '@ruadar/contract'
import { testMailbox } from '@ruadar/ingest'
import { Type } from 'typebox'
import type { App, Context } from '../context.ts'
import { divideMailbox, joinMailbox, seal } from '../mailbox-secrets.ts'
import { problems } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import {
  deleteMailbox,
  findStoredMailbox,
  insertMailbox,
  listMailboxes,
  replaceSecrets,
  type StoredMailbox,
  updateMailbox,
} from '../queries/mailboxes.ts'
import { nothing, smallIdParams } from './schemas.ts'

export function addMailboxRoutes(app: App, { database: { db }, settings: { secretKey } }: Context): void {
  const tags = ['mailboxes']

  app.get(
    '/mailboxes',
    {
      schema: {
        tags,
        operationId: 'listMailboxes',
        summary: 'Mailboxes with their state and progress',
        response: { 200: Type.Object({ items: Type.Array(Mailbox) }), ...problems },
      },
    },
    async () => ({ items: await listMailboxes(db) }),
  )

  app.post(
    '/mailboxes',
    {
      schema: {
        tags,
        operationId: 'createMailbox',
        summary: 'Fetch reports from a mailbox',
        description: 'Secrets are stored encrypted and never come out again.',
        body: MailboxInput,
        response: { 201: Mailbox, ...problems },
      },
    },
    async (request, reply) => {
      const { definition, secrets } = divideMailbox(request.body, null, secretKey)
      const id = await insertMailbox(db, definition, seal(secrets, secretKey), request.body.enabled ?? true)
      return reply.code(201).send(await mailboxOr404(id))
    },
  )

  app.put(
    '/mailboxes/:id',
    {
      schema: {
        tags,
        operationId: 'replaceMailbox',
        summary: 'Change a mailbox',
        description:
          'A secret that is left out stays as it is, unless the server is another one. Mailboxes from the settings cannot be changed here.',
        params: smallIdParams,
        body: MailboxInput,
        response: { 200: Mailbox, ...problems },
      },
    },
    async (request) => {
      const { id } = request.params
      const stored = await ownMailbox(id)
      const { definition, secrets } = divideMailbox(request.body, stored, secretKey)
      if (!(await updateMailbox(db, id, definition, seal(secrets, secretKey), request.body.enabled ?? true))) throw notFound('such mailbox')
      return mailboxOr404(id)
    },
  )

  app.delete(
    '/mailboxes/:id',
    {
      schema: {
        tags,
        operationId: 'deleteMailbox',
        summary: 'Forget a mailbox',
        description: 'What was fetched from it stays. The mailbox itself is not touched.',
        params: smallIdParams,
        response: { ...nothing, ...problems },
      },
    },
    async (request, reply) => {
      await ownMailbox(request.params.id)
      if (!(await deleteMailbox(db, request.params.id))) throw notFound('such mailbox')
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/mailboxes/test',
    {
      schema: {
        tags,
        operationId: 'testMailbox',
        summary: 'Test a connection',
        description: 'Signs in and looks into the folders; says what is wrong and what to do. Nothing is stored or changed.',
        body: MailboxTestRequest,
        response: { 200: MailboxTest, ...problems },
      },
    },
    async (request) => {
      const { id, ...input } = request.body
      const stored = id === undefined ? null : await ownMailbox(id)
      const { definition, secrets } = divideMailbox(input, stored, secretKey)
      // A provider that replaces the refresh token at each use has made the stored one worthless.
      const usesStored = input.auth.kind === 'oauth2' && !input.auth.refreshToken
      const onRefreshToken = async (refreshToken: string) => {
        if (id !== undefined && usesStored) await replaceSecrets(db, id, seal({ ...secrets, refreshToken }, secretKey))
      }
      return testMailbox(joinMailbox(definition, secrets), { onRefreshToken })
    },
  )

  /** A mailbox that may be changed here. */
  async function ownMailbox(id: number): Promise<StoredMailbox> {
    const stored = await findStoredMailbox(db, id)
    if (!stored) throw notFound('such mailbox')
    if (stored.managedBy === 'settings') {
      throw new ProblemError(
        409,
        'managed_by_settings',
        'This mailbox comes from RUADAR_IMAP_URL or the configuration file; change it there.',
      )
    }
    return stored
  }

  async function mailboxOr404(id: number): Promise<Mailbox> {
    const [mailbox] = await listMailboxes(db, id)
    if (!mailbox) throw notFound('such mailbox')
    return mailbox
  }
}
