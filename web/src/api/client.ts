import type { Problem } from '@ruadar/contract'

/** A request that did not bring its answer. `status` 0 and code `offline`: no server answered at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fields: readonly { path: string; message: string }[]
  /** Seconds after which the server wants to be asked again (`Retry-After`); 0: it does not say. */
  readonly retryAfter: number

  constructor(status: number, code: string, detail: string, fields: readonly { path: string; message: string }[] = [], retryAfter = 0) {
    super(detail)
    this.status = status
    this.code = code
    this.detail = detail
    this.fields = fields
    this.retryAfter = retryAfter
  }
}

const BASE = '/api/v1'

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** A FormData is sent as multipart, everything else as JSON. */
  body?: unknown
  signal?: AbortSignal
}

/**
 * Asks the API.
 *
 * @param path below /api/v1, with its query string
 * @throws ApiError for every answer that is not 2xx; the DOMException of `signal` when it was aborted
 */
export async function ask<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(path, options)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Like `ask`, but hands back the answer itself, for texts that are read as they come. */
export async function send(path: string, options: RequestOptions = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(BASE + path, requestInit(options))
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiError(0, 'offline', error instanceof Error ? error.message : String(error))
  }
  if (response.ok) return response
  throw await readProblem(response)
}

function requestInit({ method = 'GET', body, signal }: RequestOptions): RequestInit {
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } }
  if (signal) init.signal = signal
  if (body instanceof FormData) init.body = body
  else if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
  }
  return init
}

async function readProblem(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('retry-after')) || 0 // a date is not read
  const fallback = `HTTP ${response.status} ${response.statusText}`.trim()
  try {
    const problem = (await response.json()) as Partial<Problem>
    return new ApiError(
      response.status,
      problem.code ?? `http_${response.status}`,
      problem.detail ?? problem.title ?? fallback,
      problem.errors,
      retryAfter,
    )
  } catch {
    // A proxy in front of the API answers in HTML.
    return new ApiError(response.status, `http_${response.status}`, fallback, [], retryAfter)
  }
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError(0, 'unexpected', error instanceof Error ? error.message : String(error))
}
