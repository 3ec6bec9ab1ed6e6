import { basename } from 'node:path'
import fastifyMultipart from '@fastify/multipart'
import { type MailState, type Outcome, UploadResult } from '@ruadar/contract'
import { createIntake, type StoredMail } from '@ruadar/ingest'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { awaitReading } from '../await-reading.ts'
import type { App, Context } from '../context.ts'
import { problems } from '../plugins/openapi.ts'
import { ProblemError } from '../problem.ts'
import { findOutcomes } from '../queries/mails.ts'

/** Files of one request. People drop a folder; a mail archive goes through `ruadar import`. */
const maxFiles = 1000

/** What the description says of the body; the multipart parser reads it itself. */
const UploadForm = Type.Object({
  file: Type.Array(Type.Unsafe<File>({ type: 'string', format: 'binary' }), { minItems: 1, maxItems: maxFiles }),
})

interface UploadedFile extends StoredMail {
  file: string
}

export async function addUploadRoutes(app: App, context: Context): Promise<void> {
  const { settings, database, stopping, uploadWaitMs } = context
  const intake = createIntake(context)
  await app.register(fastifyMultipart, {
    limits: { fileSize: settings.uploadMaxBytes, files: maxFiles, parts: maxFiles + 10, fields: 10, fieldSize: 1000, headerPairs: 50 },
  })

  app.post(
    '/reports',
    {
      config: { form: UploadForm },
      schema: {
        tags: ['reports'],
        operationId: 'uploadReports',
        summary: 'Hand in report files',
        description:
          'multipart/form-data with the field `file` once or many times: mails, XML, gzip or zip, as `ruadar parse` takes them. Answers when all are read; a file that is not read within 60 seconds has the state `stored` and is read later.',
        consumes: ['multipart/form-data'],
        response: { 200: UploadResult, ...problems },
      },
    },
    async (request, reply) => {
      const files = await storeFiles(request)
      const ids = files.map((file) => file.id)
      await awaitReading(database.db, ids, uploadWaitMs, AbortSignal.any([stopping, gone(reply)]))
      const found = await findOutcomes(database.db, ids)
      return { files: files.map((file) => ({ file: file.file, mailId: String(file.id), ...toResult(file, found.get(file.id)) })) }
    },
  )

  /** One file after the other, so that a request never holds more than one in memory. */
  async function storeFiles(request: FastifyRequest): Promise<UploadedFile[]> {
    const files: UploadedFile[] = []
    for await (const part of request.parts()) {
      if (part.type !== 'file' || part.fieldname !== 'file') {
        throw new ProblemError(400, 'unexpected_field', 'Send files in fields named `file` and nothing else.')
      }
      const name = displayName(part.filename)
      const raw = await part.toBuffer().catch((error: unknown) => {
        throw isTooLarge(error) ? tooLarge(name, files.length) : error
      })
      const [stored] = await intake([{ raw, origin: 'upload', filename: name }])
      if (stored) files.push({ ...stored, file: name })
    }
    if (files.length === 0) throw new ProblemError(400, 'no_file', 'Send at least one file in the field `file`.')
    return files
  }

  function tooLarge(name: string, before: number): ProblemError {
    const accepted = before === 0 ? '' : ` Files taken before it: ${before}.`
    return new ProblemError(
      413,
      'file_too_large',
      `${name} is larger than ${settings.uploadMaxBytes} bytes, the limit that RUADAR_UPLOAD_MAX_BYTES sets.${accepted}`,
    )
  }
}

const isTooLarge = (error: unknown): boolean => (error as { code?: string }).code === 'FST_REQ_FILE_TOO_LARGE'

/** A name for people only; browsers send what the disk has, others whatever they like. */
function displayName(filename: string): string {
  const name = basename(filename.replaceAll('\\', '/'))
    .replace(/\p{Cc}/gu, '')
    .slice(0, 255)
  return name || 'file'
}

/** Aborts when the client gave up: nobody reads the answer then. */
function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

/** Bytes that were here before brought nothing new this time, whatever they brought then. */
function toResult(
  file: UploadedFile,
  found: { state: MailState; outcomes: Outcome[] } | undefined,
): { state: MailState; outcomes: Outcome[] } {
  if (!found) throw new Error(`the uploaded mail ${file.id} is gone`)
  if (file.isNew) return found
  const outcomes = found.outcomes.map((it) => (it.outcome === 'imported' ? { ...it, outcome: 'duplicate' as const } : it))
  return { state: found.state === 'imported' ? 'duplicate' : found.state, outcomes }
}
