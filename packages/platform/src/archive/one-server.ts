import type { Client } from './catalogue.ts'

/**
 * What belongs to one server or one running installation and must not come along with the rows; applied where the column exists, in the
 * schema as of the backup. Ids of transactions are no part of a backup at all (catalogue.ts).
 */
const resets = [
  // Senders are followed by ids of transactions (docs/adr/0008): all reports are new to this server.
  { table: 'sender_progress', column: 'seen_report', statement: 'update sender_progress set seen_report = 0' },
  // Their jobs stayed behind in the other queue: without the mark the sweep finds them at once, not after minutes.
  { table: 'mails', column: 'queued_at', statement: `update mails set queued_at = null where state = 'stored'` },
  // Who had signed out after the backup would be signed in again.
  { table: 'sessions', column: 'hash', statement: 'delete from sessions' },
]

export async function forgetOneServer(client: Client): Promise<void> {
  for (const { table, column, statement } of resets) {
    const { rowCount } = await client.query(
      `select from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name = $2`,
      [table, column],
    )
    if (rowCount) await client.query(statement)
  }
}
