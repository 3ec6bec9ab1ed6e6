import type { TokenCreated, TokenItem } from '@ruadar/contract'
import { type Db, OperatorError, sha256, sql } from '@ruadar/platform'
import { randomSecret } from './random-secret.ts'

/** Lets people and secret scanners recognise a token. */
const prefix = 'ruadar_'

/**
 * Makes an API token for `Authorization: Bearer`; the token itself is in the answer only, never stored.
 * With `seesAddresses` it is shown the recipients of other people's mail. Throws an OperatorError when another token has the name.
 */
export async function createToken(db: Db, name: string, { seesAddresses = false } = {}): Promise<TokenCreated> {
  const { secret, hash } = randomSecret(prefix)
  const { rows } = await sql<{ id: number }>`
    insert into api_tokens (name, hash, sees_addresses) values (${name}, ${hash}, ${seesAddresses}) on conflict (name) do nothing returning id`.execute(
    db,
  )
  const [row] = rows
  if (!row) throw new OperatorError(`There is an API token named ${name} already.`, 'Choose another name, or delete that token.')
  return { id: row.id, name, seesAddresses, token: secret }
}

export interface Token {
  id: number
  name: string
  seesAddresses: boolean
}

/** The token behind a bearer credential, null when there is none. Its last use is written at most once a minute. */
export async function findToken(db: Db, credential: string): Promise<Token | null> {
  const { rows } = await sql<Token & { stale: boolean }>`
    select id, name, sees_addresses as "seesAddresses", last_used_at is null or last_used_at < now() - interval '1 minute' as stale
    from api_tokens where hash = ${sha256(credential)}`.execute(db)
  const [row] = rows
  if (!row) return null
  if (row.stale) await sql`update api_tokens set last_used_at = now() where id = ${row.id}`.execute(db)
  return { id: row.id, name: row.name, seesAddresses: row.seesAddresses }
}

export async function listTokens(db: Db): Promise<TokenItem[]> {
  const { rows } = await sql<{ id: number; name: string; seesAddresses: boolean; createdAt: Date; lastUsedAt: Date | null }>`
    select id, name, sees_addresses as "seesAddresses", created_at as "createdAt", last_used_at as "lastUsedAt" from api_tokens order by id`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), lastUsedAt: row.lastUsedAt?.toISOString() ?? null }))
}

/** False when there was no such token. */
export async function deleteToken(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`delete from api_tokens where id = ${id} returning id`.execute(db)
  return rows.length > 0
}
