import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { IngestSummary, MailItem, MailQuery, Page, pageOf, ReadAgainRequest, ReadAgainResult } from '@ruadar/contract'
import { readAgain } from '@ruadar/ingest'
import type { App, Context } from '../context.ts'
import { problems, query } from '../plugins/openapi.ts'
import { notFound, ProblemError } from '../problem.ts'
import { summariseIngest } from '../queries/ingest.ts'
import { recordOpenings } from '../queries/failure.ts'
import { findMail, findSamples, listMails, openRawMail } from '../queries/mails.ts'
import { viewerOf } from './failures.ts'
import { idParams, streamed } from './schemas.ts'

export function addIngestRoutes(app: App, context: Context): void {
  const { db } = context.database
  const tags = ['ingest']

  app.get(
    '/ingest',
    {
      schema: { tags, operationId: 'getIngest', summary: 'Mails by state and reason', response: { 200: IngestSummary, ...problems } },
    },
    () => summariseIngest(db),
  )

  app.get(
    '/ingest/mails',
    {
      schema: {
        tags,
        operationId: 'listMails',
        summary: 'What came in, newest first',
        querystring: query({ ...MailQuery.properties, ...Page.properties }),
        response: { 200: pageOf(MailItem), ...problems },
      },
    },
    ({ query: { state, code, after, limit = 50 } }) => listMails(db, { state, code, after, limit }),
  )

  app.get(
    '/ingest/mails/:id',
    { schema: { tags, operationId: 'getMail', summary: 'One mail', params: idParams, response: { 200: MailItem, ...problems } } },
    (request) => mailOr404(Number(request.params.id)),
  )

  app.get(
    '/ingest/mails/:id/raw',
    {
      schema: {
        tags,
        operationId: 'getRawMail',
        summary: 'The bytes as they came',
        description:
          'An attachment. A mail that was too large to take has none, and one that showed mail of other people may be deleted. A mail with failure reports is shown to those who may see recipients, and recorded as an opening of each.',
        params: idParams,
        response: { ...streamed('application/octet-stream'), ...problems },
      },
    },
    async (request, reply) => {
      const id = Number(request.params.id)
      const raw = await openRawMail(db, id, context.objects)
      if (!raw) {
        await mailOr404(id)
        if (await findSamples(db, id)) throw new ProblemError(404, 'mail_deleted', 'This mail showed mail of other people and is not kept.')
        throw new ProblemError(404, 'mail_left_behind', 'This mail was too large to take and was left in its mailbox.')
      }
      await openSamples(request, id)
      const name = attachmentName(id, raw.filename)
      reply.headers({ 'content-disposition': `attachment; filename="${name}"`, 'content-length': raw.size })
      return reply.type('application/octet-stream').send(Readable.from(raw.chunks))
    },
  )

  app.post(
    '/ingest/mails/:id/read-again',
    {
      schema: {
        tags,
        operationId: 'readMailAgain',
        summary: 'Read one mail again, as after an upgrade',
        params: idParams,
        response: { 200: ReadAgainResult, ...problems },
      },
    },
    async (request) => {
      const id = Number(request.params.id)
      await mailOr404(id)
      return { mails: await readAgain(context, { ids: [id] }) }
    },
  )

  app.post(
    '/ingest/read-again',
    {
      schema: {
        tags,
        operationId: 'readMailsAgain',
        summary: 'Read many mails again',
        description: 'Those that fit all that is given: ids, reason code with its outcome, state. Mails without bytes stay as they are.',
        body: ReadAgainRequest,
        response: { 200: ReadAgainResult, ...problems },
      },
    },
    async ({ body: { ids, code, outcome, state } }) => {
      if (ids === undefined && code === undefined && state === undefined) {
        throw new ProblemError(400, 'nothing_chosen', 'Say which mails: by ids, code or state.')
      }
      const filter = {
        ...(ids ? { ids: ids.map(Number) } : {}),
        ...(code ? { code } : {}),
        ...(outcome ? { outcome } : {}),
        ...(state ? { state } : {}),
      }
      return { mails: await readAgain(context, filter) }
    },
  )

  /** Other people's mail is not handed out unredacted by this door either. */
  async function openSamples(request: FastifyRequest, mailId: number): Promise<void> {
    const samples = await findSamples(db, mailId)
    if (samples === null) return
    const viewer = viewerOf(request)
    if (!viewer.seesAddresses) {
      throw new ProblemError(
        403,
        'addresses_hidden',
        "This mail holds a failure report with other people's addresses, which you may not see.",
      )
    }
    await recordOpenings(db, samples, viewer)
    request.log.info({ by: viewer.name, mail: mailId }, 'a mail with failure reports was opened')
  }

  async function mailOr404(id: number): Promise<MailItem> {
    const mail = await findMail(db, id)
    if (!mail) throw notFound('such mail')
    return mail
  }
}

/** Our own name with the ending of theirs, if that is a plain one: file names from outside don't belong into a header. */
function attachmentName(id: number, filename: string | null): string {
  const ending = /\.[a-z0-9]{1,8}$/i.exec(filename ?? '')?.[0] ?? (filename === null ? '.eml' : '.bin')
  return `mail-${id}${ending.toLowerCase()}`
}
