import { connectionOptions, type Log } from '@ruadar/platform'
import pg from 'pg'

/**
 * Who watches which mailbox, among any number of ingest processes: a lease is a PostgreSQL advisory lock of one session. When
 * the process dies, its session ends and all of its leases are free; no clock is involved.
 */
export interface Leases {
  /** True when this process holds the lease, from now or already. Rejects when the database does not answer. */
  take(mailboxId: number): Promise<boolean>
  free(mailboxId: number): Promise<void>
  /** Proves that the session lives, or opens one: the database shall see every process. Rejects when it does not; by then `onLost` was called. */
  check(): Promise<void>
  close(): Promise<void>
}

/** First key of the lock, so that no other advisory lock of this database is meant. */
const lockClass = 0x72756164
/** A session that does not answer in this time is taken for dead, as the server will take it. */
const answerMilliseconds = 10_000

/**
 * `name` shows in pg_stat_activity. `onLost` is called when the session has ended and other processes may take over: stop watching at
 * once.
 */
export function createLeases(url: string, log: Log, onLost: () => void, name = 'mailboxes'): Leases {
  let session: Promise<pg.Client> | null = null
  const held = new Set<number>()

  function lose(client: pg.Client): void {
    client.removeAllListeners('end')
    session = null
    client.end().catch(() => undefined)
    if (held.size > 0) log.warn({ mailboxes: [...held] }, 'The session that holds the mailboxes has ended')
    held.clear()
    onLost()
  }
  async function open(): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionOptions(url, name), query_timeout: answerMilliseconds })
    client.on('error', (error) => log.debug({ err: error }, 'The session that holds the mailboxes failed'))
    await client.connect()
    client.once('end', () => lose(client))
    return client
  }
  async function query<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<T | undefined> {
    const opening = (session ??= open())
    let client: pg.Client
    try {
      client = await opening
    } catch (error) {
      if (session === opening) session = null
      throw error
    }
    try {
      const { rows } = await client.query<T>(text, values)
      return rows[0]
    } catch (error) {
      if (session === opening) lose(client)
      throw error
    }
  }
  return {
    async take(mailboxId) {
      if (held.has(mailboxId)) return true // the lock counts: taking it twice would need freeing it twice
      const row = await query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [lockClass, mailboxId])
      if (row?.taken) held.add(mailboxId)
      return row?.taken ?? false
    },
    async free(mailboxId) {
      if (!held.delete(mailboxId)) return
      await query('select pg_advisory_unlock($1, $2)', [lockClass, mailboxId])
    },
    async check() {
      await query('select 1', [])
    },
    async close() {
      const opening = session
      session = null
      held.clear()
      const client = await opening?.catch(() => null)
      client?.removeAllListeners('end')
      await client?.end().catch(() => undefined)
    },
  }
}
