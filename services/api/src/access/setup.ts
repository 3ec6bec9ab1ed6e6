import { type Db, type Settings, sha256, sql } from '@ruadar/platform'
import { randomSecret } from './random-secret.ts'
import { userExists } from './users.ts'

/**
 * A link under which the administrator can be made, once; null when there is one. Each start of a process makes its own
 * link and several work side by side, because nobody knows whose console is read; all end with the first that is used.
 * `url` is where the server listens, when the settings don't tell (port 0).
 */
export async function setupLink(db: Db, settings: Pick<Settings, 'publicUrl' | 'host' | 'port'>, url?: string): Promise<string | null> {
  if (await userExists(db)) return null
  const { secret, hash } = randomSecret()
  await sql`delete from setup_secrets where created_at < now() - interval '7 days'`.execute(db)
  await sql`insert into setup_secrets (hash) values (${hash})`.execute(db)
  // Behind # it stays in the browser: no server, proxy or referrer sees it.
  return `${settings.publicUrl ?? url ?? listeningUrl(settings.host, settings.port)}/setup#secret=${secret}`
}

/** Where a person on this machine reaches a server: an address of "everywhere" is not one to open. */
export function listeningUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

export type SetupOutcome = { userId: number } | 'done_before' | 'wrong_secret'

/** Makes the administrator. Of any number of requests at the same time one succeeds: they queue at the lock. */
export function createAdministrator(db: Db, request: { secret: string; name: string; passwordHash: string }): Promise<SetupOutcome> {
  return db.transaction().execute(async (trx) => {
    await sql`lock table users in share row exclusive mode`.execute(trx)
    if (await userExists(trx)) return 'done_before'
    const { rows: secrets } = await sql`select 1 from setup_secrets where hash = ${sha256(request.secret)}`.execute(trx)
    if (secrets.length === 0) return 'wrong_secret'
    await sql`delete from setup_secrets`.execute(trx)
    const { rows } = await sql<{ id: number }>`
      insert into users (name, password_hash) values (${request.name}, ${request.passwordHash}) returning id`.execute(trx)
    return { userId: (rows[0] as { id: number }).id }
  })
}
