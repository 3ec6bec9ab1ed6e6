import { type Db, type MailboxSettings, sha256, sql } from '@ruadar/platform'

const prefix = 'mailboxes '

/** Name of the session that holds a process's mailboxes: the same for processes whose settings name the same mailboxes. */
export function sessionName(mailboxes: readonly Pick<MailboxSettings, 'key'>[]): string {
  const keys = mailboxes.map(({ key }) => key).sort()
  return `${prefix}${sha256(JSON.stringify(keys)).toString('hex').slice(0, 12)}`
}

/**
 * How many different sets of mailboxes the settings of the running ingest processes name. More than one is a fault: each process
 * disables the mailboxes that its own settings do not name.
 */
export async function countMailboxSettings(db: Db): Promise<number> {
  const { rows } = await sql<{ sets: number }>`
    select count(distinct application_name)::int as sets from pg_stat_activity
    where datname = current_database() and application_name like ${`ruadar ${prefix}%`}`.execute(db)
  return rows[0]?.sets ?? 0
}
