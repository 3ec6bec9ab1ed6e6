import { type Db, sha256, sql } from '@ruadar/platform'
import { randomSecret } from './random-secret.ts'

/** A session ends this many days after it was last used. */
export const sessionDays = 30

export interface Session {
  hash: Buffer
  userId: number
  name: string
  seesAddresses: boolean
  /** True when this use moved the end of the session, so that the cookie's has to move too. */
  extended: boolean
}

/** Starts a session and returns what goes into the cookie. Sessions that ended are swept out on the way. */
export async function startSession(db: Db, userId: number): Promise<string> {
  const { secret, hash } = randomSecret()
  await sql`delete from sessions where expires_at <= now()`.execute(db)
  await sql`
    insert into sessions (hash, user_id, expires_at)
    values (${hash}, ${userId}, now() + make_interval(days => ${sessionDays}))`.execute(db)
  return secret
}

/** The session of a cookie, null when it ended or never was. Its end moves with use, written at most once an hour. */
export async function findSession(db: Db, cookie: string): Promise<Session | null> {
  const hash = sha256(cookie)
  const { rows } = await sql<{ userId: number; name: string; seesAddresses: boolean; stale: boolean }>`
    select s.user_id as "userId", u.name, u.sees_addresses as "seesAddresses", s.seen_at < now() - interval '1 hour' as stale
    from sessions s join users u on u.id = s.user_id
    where s.hash = ${hash} and s.expires_at > now()`.execute(db)
  const [row] = rows
  if (!row) return null
  if (row.stale) {
    await sql`
      update sessions set seen_at = now(), expires_at = now() + make_interval(days => ${sessionDays})
      where hash = ${hash}`.execute(db)
  }
  return { hash, userId: row.userId, name: row.name, seesAddresses: row.seesAddresses, extended: row.stale }
}

export async function endSession(db: Db, hash: Buffer): Promise<void> {
  await sql`delete from sessions where hash = ${hash}`.execute(db)
}

/** Signs a user out everywhere but here. */
export async function endOtherSessions(db: Db, userId: number, keep: Buffer): Promise<void> {
  await sql`delete from sessions where user_id = ${userId} and hash <> ${keep}`.execute(db)
}
