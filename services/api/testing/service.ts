import { useDatabase } from '@ruadar/tests/harness/postgres'
import { createLog, type Database, loadSettings, type Log, type MailQueue, openQueue, type Settings } from '@ruadar/platform'

import { afterAll, beforeAll } from 'vitest'
import { buildApp, createToken, setupLink } from '../src/index.ts'
import type { App } from '../src/context.ts'
import type { AppOptions } from '../src/app.ts'

export interface Service {
  app: App
  database: Database
  queue: MailQueue
  settings: Settings
  log: Log
  /** The header of an API token, for questions that are not about signing in; it does not see recipients. */
  bearer: { authorization: string }
  /** GET below /api/v1 with the token; the parsed JSON. Throws unless the answer is 200. */
  ask<T>(path: string): Promise<T>
}

export const secretKey = Buffer.alloc(32, 7)

/** The whole service of this test file on a database of its own; `options` replaces settings and parts. Call it at the top. */
export function useService(options: Partial<Omit<AppOptions, 'settings'>> & { settings?: Partial<Settings> } = {}): () => Service {
  const database = useDatabase()
  let service: Service | undefined
  beforeAll(async () => {
    const settings: Settings = { ...loadSettings({ RUADAR_LOG_LEVEL: 'silent', RUADAR_DNS: 'off' }), secretKey, ...options.settings }
    const queue = await openQueue(settings, database())
    const log = createLog(settings, 'test')
    const app = await buildApp({
      database: database(),
      queue,
      log,
      now: () => new Date('2026-03-31T12:00:00Z'),
      ...options,
      settings,
    })
    const { token } = await createToken(database().db, 'test')
    const bearer = { authorization: `Bearer ${token}` }
    service = {
      app,
      database: database(),
      queue,
      settings,
      log,
      bearer,
      async ask<T>(path: string) {
        const answer = await app.inject({ url: `/api/v1${path}`, headers: bearer })
        if (answer.statusCode !== 200) throw new Error(`GET ${path}: ${answer.statusCode} ${answer.body}`)
        return answer.json<T>()
      },
    }
  })
  afterAll(async () => {
    await service?.app.close()
    await service?.queue.close()
  })
  return () => {
    if (!service) throw new Error('useService() is for use inside tests and hooks')
    return service
  }
}

/** Makes the administrator and signs in; the cookie header of the session. */
export async function signIn({ app, database, settings }: Service, password = 'correct horse battery'): Promise<string> {
  const link = await setupLink(database.db, settings)
  const answer = link
    ? await app.inject({ method: 'POST', url: '/api/v1/setup', payload: { secret: link.split('#secret=')[1], name: 'ana', password } })
    : await app.inject({ method: 'POST', url: '/api/v1/session', payload: { name: 'ana', password } })
  if (answer.statusCode >= 300) throw new Error(`sign-in: ${answer.statusCode} ${answer.body}`)
  return `ruadar_session=${answer.cookies.find((cookie) => cookie.name === 'ruadar_session')?.value}`
}

/** What a browser sends along when our own page asks. */
export const fromOurPage = { 'sec-fetch-site': 'same-origin' }
