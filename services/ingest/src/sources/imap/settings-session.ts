import { type Db, type Settings, sha256, sql } from '@ruadar/platform'

const prefix = 'mailboxes '

const setLength = 12

/**
 * Name of the session that holds a process's mailboxes: the same for processes that can watch the same ones, since their settings name the
 * same mailboxes, and the same key opens the passwords of the others.
 */
export function sessionName({ mailboxes, secretKey }: Pick<Settings, 'secretKey'> & { mailboxes: readonly { key: string }[] }): string {
  const keys = mailboxes.map(({ key }) => key).sort()
  const set = sha256(JSON.stringify(keys)).toString('hex').slice(0, setLength)
  return secretKey
    ? `${prefix}${set} ${sha256(`mailboxes ${secretKey.toString('hex')}`)
        .toString('hex')
        .slice(0, 6)}`
    : `${prefix}${set}`
}

/**
 * How many different sets of mailboxes the settings of the running ingest processes name. More than one is a fault: each process
 * disables the mailboxes that its own settings do not name.
 */
export async function countMailboxSettings(db: Db): Promise<number> {
  const { rows } = await sql<{ sets: number }>`
    select count(distinct left(application_name, ${`ruadar ${prefix}`.length + setLength}::int))::int as sets from pg_stat_activity
    where datname = current_database() and application_name like ${`ruadar ${prefix}%`}`.execute(db)
  return rows[0]?.sets ?? 0
}
