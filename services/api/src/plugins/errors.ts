import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type Database, findCause, OperatorError } from '@ruadar/platform'
import type { App } from '../context.ts'
import { ProblemError } from '../problem.ts'
import { toFieldErrors } from './field-errors.ts'

/** The one place where errors become answers: application/problem+json (RFC 9457), and nothing of the inside above 499. */
export function addErrors(app: App, database: Database): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblemError(error, database)
    if (problem.status >= 500 && !(error instanceof ProblemError) && !away.has(problem.code))
      request.log.error({ err: error, method: request.method, path: pathOf(request) }, 'request failed')
    else if (away.has(problem.code)) request.log.warn({ err: error }, 'requests cannot be answered')
    return sendProblem(reply, problem)
  })
}

export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="ruadar"')
  if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter)
  return reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem.toProblem())))
}

/** The path without the query, which may hold names of people's domains. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

/** Stable codes of what Fastify and its plugins refuse; the rest of 4xx goes by its status. */
const codes: Record<string, [code: string, detail: string, status?: number]> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send application/json, or multipart/form-data where files are expected.'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'The body is larger than this question needs.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad_json', 'The body is empty although it is declared as JSON.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad_json', 'The body is not valid JSON.'],
  FST_INVALID_MULTIPART_CONTENT_TYPE: ['unsupported_media_type', 'Send the files as multipart/form-data.', 415],
  FST_FILES_LIMIT: ['too_many_files', 'Send fewer files in one request.'],
  FST_PARTS_LIMIT: ['too_many_files', 'Send fewer files in one request.'],
  FST_FIELDS_LIMIT: ['too_many_fields', 'Send files in fields named `file` and nothing else.'],
}

/** SQLSTATE of texts that PostgreSQL cannot hold: U+0000, and a lone surrogate in JSON. */
const impossibleTexts = new Set(['22021', '22P05'])

/** Codes of answers that do not tell of a fault here: who asks again is answered once the database is back. */
const away = new Set(['database_away', 'database_read_only', 'database_full'])

function toProblemError(error: FastifyError, database: Database): ProblemError {
  if (error instanceof ProblemError) return error
  if (error.validation) {
    const errors = toFieldErrors(error.validationContext, error.validation)
    return new ProblemError(400, 'validation', `Not understood: ${errors.map((it) => `${it.path} ${it.message}`).join('; ')}.`, { errors })
  }
  if (impossibleTexts.has(error.code)) return new ProblemError(400, 'bad_text', 'A text holds a character that cannot be stored.')
  // What the operator has to mend: its sentences are written to be shown.
  if (error instanceof OperatorError) return new ProblemError(500, 'operator', [error.message, error.hint].filter(Boolean).join(' '))
  const cause = findCause(error)?.kind
  if (cause === 'full' || (cause === 'away' && database.whyAway() !== null))
    return new ProblemError(503, 'database_full', 'The disk of the database is full: nothing can be stored until there is room.', {
      retryAfter: 30,
    })
  if (cause === 'away')
    return new ProblemError(503, 'database_away', 'The database does not answer at the moment. Try again.', { retryAfter: 5 })
  if (cause === 'read-only')
    return new ProblemError(503, 'database_read_only', 'The database takes no changes at the moment. Try again.', { retryAfter: 5 })
  const status = error.statusCode ?? 500
  if (status < 400 || status > 499) return new ProblemError(500, 'internal', 'Something went wrong here; the log of the server says what.')
  const [code, detail, betterStatus] = codes[error.code] ?? ['bad_request', error.message]
  return new ProblemError(betterStatus ?? status, code, detail)
}
