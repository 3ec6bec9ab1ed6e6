import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  type Database,
  findUnready,
  type Log,
  type MailQueue,
  openMetricsPage,
  OperatorError,
  type Settings,
  sha256,
  sql,
} from '@ruadar/platform'

export interface ListenerParts {
  settings: Pick<Settings, 'host' | 'metricsPort' | 'metrics'>
  database: Database
  queue: MailQueue
  log: Log
}

interface Answer {
  status: number
  text: string
  type?: string
}

const refused: Answer = { status: 401, text: 'Send an API token as Authorization: Bearer, or set RUADAR_METRICS=open.\n' }

/**
 * What an ingest worker that runs alone tells about itself: /healthz, /readyz and /metrics, on RUADAR_METRICS_PORT. Throws an
 * OperatorError when the port cannot be used.
 */
export async function startOperationListener(parts: ListenerParts): Promise<{ close(): Promise<void> }> {
  const { settings, database, log } = parts
  const page = openMetricsPage(database)

  async function answer({ method, url, headers }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET') return { status: 405, text: 'Only GET.\n' }
    switch (url?.split('?', 1)[0]) {
      case '/healthz':
        return { status: 200, text: 'ok\n' }
      case '/readyz': {
        const unready = await findUnready(parts)
        return unready ? { status: 503, text: `${unready.message}\n` } : { status: 200, text: 'ok\n' }
      }
      case '/metrics':
        if (settings.metrics !== 'open' && !(await isToken(database, headers.authorization))) return refused
        return { status: 200, text: await page.print(), type: page.contentType }
      default:
        return { status: 404, text: 'There are /healthz, /readyz and /metrics.\n' }
    }
  }
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = await answer(request).catch((error: unknown): Answer => {
      log.warn({ err: error }, 'a question about operation could not be answered')
      return { status: 503, text: 'Not now; the log says why.\n' }
    })
    response.writeHead(given.status, { 'content-type': given.type ?? 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    response.end(given.text)
  }

  const server = createServer({ headersTimeout: 5000, requestTimeout: 5000 }, (request, response) => void respond(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portProblem(error, settings)))
    server.listen(settings.metricsPort, settings.host, resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The tokens are those of the API. */
async function isToken({ db }: Database, authorization: string | undefined): Promise<boolean> {
  const credential = /^Bearer +(\S{1,200})$/i.exec(authorization ?? '')?.[1]
  if (credential === undefined) return false
  const { rows } = await sql`select 1 from api_tokens where hash = ${sha256(credential)}`.execute(db)
  return rows.length > 0
}

const portProblem = (error: Error, { host, metricsPort }: ListenerParts['settings']): OperatorError =>
  new OperatorError(
    `Port ${metricsPort} on ${host} cannot be used: ${error.message}.`,
    'Set RUADAR_METRICS_PORT to a free one, or to 0 for none.',
    { cause: error },
  )
