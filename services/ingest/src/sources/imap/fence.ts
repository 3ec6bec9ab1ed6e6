import { type Db, sql } from '@ruadar/platform'

/** A mailbox that this process holds, and how often it had been taken by then: whoever takes it next has a higher number. */
export interface Lease {
  mailboxId: number
  fence: number
}

/** Another process has taken the mailbox: nothing of it may be written or changed here any more. */
export class LeaseLost extends Error {
  constructor({ mailboxId }: Lease) {
    super(`Another process has taken over mailbox ${mailboxId}.`)
    this.name = 'LeaseLost'
  }
}

/**
 * Throws LeaseLost unless the lease is still this process's, and inside a transaction keeps it so until the commit: who takes over waits
 * for that long.
 */
export async function assertHeld(db: Db, lease: Lease): Promise<void> {
  const { rows } = await sql`
    select 1 from mailbox_leases where mailbox_id = ${lease.mailboxId} and fence = ${lease.fence} for share`.execute(db)
  if (rows.length === 0) throw new LeaseLost(lease)
}

/** For the `where` of a single statement that only the holder may do. */
export const isHeld = ({ mailboxId, fence }: Lease) =>
  sql`exists (select from mailbox_leases where mailbox_id = ${mailboxId} and fence = ${fence})`
