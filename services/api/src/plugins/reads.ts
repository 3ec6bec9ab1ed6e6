import { AsyncLocalStorage } from 'node:async_hooks'
import { type Db, openReplica } from '@ruadar/platform'
import type { App, Parts } from '../context.ts'

/** Whether what is being asked has to be the newest. Outside of a request it has. */
const fresh = new AsyncLocalStorage<boolean>()

/** Whoever changes something sees the change: for this long the primary answers this browser. */
const wroteSeconds = 10
const wroteCookie = 'ruadar_wrote'

/**
 * Where pages and clients read numbers from: the replica of RUADAR_READ_DATABASE_URL, or the primary itself. Sessions, decisions, mailboxes
 * and all that is written stay with the primary; so does a browser that has just changed something, on whichever API server it was.
 */
export function addReads(
  app: App,
  { settings, database, log, replicaRetryMs }: Pick<Parts, 'settings' | 'database' | 'log'> & { replicaRetryMs?: number | undefined },
): Db {
  const { readDatabaseUrl, slowQueryMs } = settings
  if (!readDatabaseUrl) return database.db
  const replica = openReplica(readDatabaseUrl, {
    primary: database,
    isFreshNeeded: () => fresh.getStore() ?? true,
    log,
    name: 'api reads',
    slow: { ms: slowQueryMs, log },
    ...(replicaRetryMs === undefined ? {} : { retryMs: replicaRetryMs }),
  })
  app.addHook('onClose', () => replica.close())
  app.addHook('preHandler', (request, _, done) => fresh.run(request.method !== 'GET' || request.cookies[wroteCookie] !== undefined, done))
  app.addHook('onSend', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD' || reply.statusCode >= 400) return
    reply.setCookie(wroteCookie, '1', { path: '/api', httpOnly: true, sameSite: 'lax', maxAge: wroteSeconds })
  })
  return replica.db
}
