import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { problems, query } from '../plugins/openapi.ts'
import { idParams, streamed } from './schemas.ts'

/** What routes that give a report back as its reporter sent it have in common. */
export const originalSchema = {
  description: 'Always text/plain, so that nothing in it is interpreted. With download=1 as an attachment.',
  params: idParams,
  querystring: query({ download: Type.Optional(Type.Literal('1')) }),
  response: { ...streamed('text/plain'), ...problems },
}

/** Sends a report's own text; `fileName` makes it an attachment. */
export function sendOriginal(reply: FastifyReply, chunks: AsyncIterable<Uint8Array>, fileName: string | null): FastifyReply {
  if (fileName !== null) reply.header('content-disposition', `attachment; filename="${fileName}"`)
  return reply.type('text/plain; charset=utf-8').send(Readable.from(chunks))
}
