import { type Db, sql } from '@ruadar/platform'

/** Key of the advisory lock: of several processes one does a step at a time ("sender" as bytes). */
const lockKey = 0x73_65_6e_64_65_72

/** Waits, as long as `lock_timeout` says, until no process does a step, and keeps them from it until the end of the transaction. */
export async function lockSenderPass(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey})`.execute(trx)
}

/** Does a step in a transaction of its own while no other process does one; false when one does. */
export async function takeTurn<T>(db: Db, step: (trx: Db) => Promise<T>): Promise<T | false> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${lockKey}) as taken`.execute(trx)
    return rows[0]?.taken ? step(trx) : false
  })
}
