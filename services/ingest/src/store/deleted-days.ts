import { type Db, sql } from '@ruadar/platform'

/** Key of the advisory lock; no other lock of this database has it ("delete" as bytes). */
const lockKey = 0x64_65_6c_65_74_65

/** For whoever deletes records that are past their time: waits, as long as `lock_timeout` says, for all who take reports out of sums or put them back. */
export async function lockDeletion(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${lockKey})`.execute(trx)
}

/** Keeps records from being deleted until the end of the transaction: who takes a report out of sums needs its records for that. */
export async function holdDeletionOff(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${lockKey})`.execute(trx)
}
