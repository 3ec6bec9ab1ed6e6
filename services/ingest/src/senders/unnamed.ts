import { type Db, sql } from '@ruadar/platform'

/** Whether reports have brought ways that no pass has given to their senders yet. */
export async function isWayUnnamed(trx: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from ways where sender_id is null limit 1`.execute(trx)
  return rows.length > 0
}
