import { type Db, sql } from '@ruadar/platform'

export interface User {
  id: number
  name: string
  passwordHash: string
  seesAddresses: boolean
}

/** The user of that name, whatever its case. */
export async function findUser(db: Db, name: string): Promise<User | null> {
  const { rows } = await sql<User>`
    select id, name, password_hash as "passwordHash", sees_addresses as "seesAddresses" from users where lower(name) = lower(${name})`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function userExists(db: Db): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`select exists (select 1 from users) as any`.execute(db)
  return rows[0]?.any ?? false
}

export async function setPassword(db: Db, userId: number, passwordHash: string): Promise<void> {
  await sql`update users set password_hash = ${passwordHash} where id = ${userId}`.execute(db)
}

/** Whether this person is shown the recipients of other people's mail in full. */
export async function setSeesAddresses(db: Db, userId: number, seesAddresses: boolean): Promise<void> {
  await sql`update users set sees_addresses = ${seesAddresses} where id = ${userId}`.execute(db)
}
