import { type Db, sql } from '@ruadar/platform'

/** Key of the advisory lock; no other lock of this database has it ("names" as bytes). */
const lockKey = 0x6e_61_6d_65_73

/**
 * For whoever deletes names: waits, as long as `lock_timeout` says, until no transaction uses ids that were handed out, keeps others from
 * beginning, and lets every process forget what it remembers.
 */
export async function lockNames(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey})`.execute(trx)
  await sql`update dictionary_version set version = version + 1`.execute(trx)
}

/** Keeps names from being deleted until the end of the transaction. Returns which version of the dictionary is to be used in it. */
export async function holdNames(trx: Db): Promise<number> {
  await sql`select pg_advisory_xact_lock_shared(${lockKey})`.execute(trx)
  const { rows } = await sql<{ version: number }>`select version from dictionary_version`.execute(trx)
  return rows[0]?.version ?? 0
}
