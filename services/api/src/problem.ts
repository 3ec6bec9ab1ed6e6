import { STATUS_CODES } from 'node:http'
import type { Problem } from '@ruadar/contract'

export interface FieldError {
  /** JSON pointer into the request, starting with the part it is in: `/query/from`, `/body/name`. */
  path: string
  message: string
}

/** An answer that is not the one asked for, on purpose. `code` is stable; `detail` is one sentence for a person. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly errors: readonly FieldError[] | undefined
  /** Seconds after which another try makes sense (429, 503). */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, detail: string, more: { errors?: readonly FieldError[]; retryAfter?: number } = {}) {
    super(detail)
    this.status = status
    this.code = code
    this.errors = more.errors
    this.retryAfter = more.retryAfter
  }

  toProblem(): Problem {
    return {
      type: 'about:blank', // RFC 9457 4.2.1: then the title is the phrase of the status
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.message,
      ...(this.errors ? { errors: [...this.errors] } : {}),
    }
  }
}

export function notFound(what: string): ProblemError {
  return new ProblemError(404, 'not_found', `There is no ${what}.`)
}
