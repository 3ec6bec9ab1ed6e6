import { connectionOptions, type Log } from '@ruadar/platform'
import pg from 'pg'
import type { Lease } from './fence.ts'

/**
 * Who watches which mailbox, among any number of ingest processes: a lease is a PostgreSQL advisory lock of one session. When the process
 * dies, its session ends and all of its leases are free. When it is stopped, or its machine vanishes, the server ends a session that has
 * said nothing for `leaseSeconds` (idle_session_timeout): no clock of two machines is compared.
 */
export interface Leases {
  /** The lease when this process holds it, from now or already; null when another does. Rejects when the database does not answer. */
  take(mailboxId: number): Promise<Lease | null>
  holds(mailboxId: number): boolean
  free(mailboxId: number): Promise<void>
  /** How many mailboxes each living process holds; a process whose settings name other mailboxes does not count. */
  readShares(): Promise<Shares>
  /** Proves that the session lives, or opens one: the database shall see every process. Rejects when it does not; by then `onLost` was called. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface Shares {
  own: number
  /** Of the others, one number each, in the order of their sessions. */
  others: readonly number[]
  /** Whether none of those who hold as many comes before this process: who gives one away, when several could. */
  isFirst: boolean
}

export interface LeaseOptions {
  log: Log
  /** Called when the session has ended and other processes may take over: stop watching at once. */
  onLost(): void
  /** Shows in pg_stat_activity. */
  name?: string
  /** Seconds without a sign of life after which the server ends the session. */
  leaseSeconds?: number
}

/** First key of the lock, so that no other advisory lock of this database is meant. */
const lockClass = 0x72756164
/** A session that does not answer in this time is taken for dead, as the server will take it. */
const answerMilliseconds = 10_000
/** Signs of life in the time after which the lease is lost: a process that is merely busy keeps its mailboxes. */
const signsInTime = 4

export function createLeases(url: string, { log, onLost, name = 'mailboxes', leaseSeconds = 15 }: LeaseOptions): Leases {
  let session: Promise<pg.Client> | null = null
  const held = new Map<number, Lease>()
  const signs = setInterval(
    () => {
      if (session) query('select 1').catch(() => undefined) // what is wrong has been told by `lose`
    },
    (leaseSeconds * 1000) / signsInTime,
  )

  function lose(client: pg.Client): void {
    client.removeAllListeners('end')
    session = null
    client.end().catch(() => undefined)
    if (held.size > 0) log.warn({ mailboxes: [...held.keys()] }, 'The session that holds the mailboxes has ended')
    held.clear()
    onLost()
  }
  async function open(): Promise<pg.Client> {
    const options = connectionOptions(url, name)
    const client = new pg.Client({
      ...options,
      options: `${options.options} -c idle_session_timeout=${Math.round(leaseSeconds * 1000)}`,
      query_timeout: answerMilliseconds,
    })
    client.on('error', (error) => log.debug({ err: error }, 'The session that holds the mailboxes failed'))
    await client.connect()
    client.once('end', () => lose(client))
    return client
  }
  async function query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const opening = (session ??= open())
    let client: pg.Client
    try {
      client = await opening
    } catch (error) {
      if (session === opening) session = null
      throw error
    }
    try {
      return (await client.query<T>(text, values)).rows
    } catch (error) {
      if (session === opening) lose(client)
      throw error
    }
  }
  return {
    async take(mailboxId) {
      const known = held.get(mailboxId)
      if (known) return known // the lock counts: taking it twice would need freeing it twice
      const [row] = await query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [lockClass, mailboxId])
      if (!row?.taken) return null
      const [raised] = await query<{ fence: number }>(raiseFence, [mailboxId])
      if (!raised) {
        await query('select pg_advisory_unlock($1, $2)', [lockClass, mailboxId])
        return null // deleted meanwhile
      }
      const lease = { mailboxId, fence: raised.fence }
      held.set(mailboxId, lease)
      return lease
    },
    holds: (mailboxId) => held.has(mailboxId),
    async free(mailboxId) {
      if (!held.delete(mailboxId)) return
      await query('select pg_advisory_unlock($1, $2)', [lockClass, mailboxId])
    },
    async readShares() {
      const rows = await query<{ mailboxes: number; own: boolean }>(countShares, [lockClass])
      const own = rows.find((row) => row.own)?.mailboxes ?? 0
      return {
        own,
        others: rows.filter((row) => !row.own).map(({ mailboxes }) => mailboxes),
        isFirst: rows.find(({ mailboxes }) => mailboxes === own)?.own ?? true,
      }
    },
    async check() {
      await query('select 1')
    },
    async close() {
      clearInterval(signs)
      const opening = session
      session = null
      held.clear()
      const client = await opening?.catch(() => null)
      client?.removeAllListeners('end')
      await client?.end().catch(() => undefined)
    },
  }
}

// Waits for a transaction of the former holder that is about to commit, and from then on every other one of it fails.
const raiseFence = `
  insert into mailbox_leases as known (mailbox_id) select id from mailboxes where id = $1
  on conflict (mailbox_id) do update set fence = known.fence + 1, taken_at = now()
  returning fence`

// Sessions of the same name, this one's: the processes whose settings name the same mailboxes.
const countShares = `
  select a.pid = pg_backend_pid() as own, count(l.objid) as mailboxes
  from pg_stat_activity me
  join pg_stat_activity a on a.datname = me.datname and a.application_name = me.application_name
  left join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.classid = $1::bigint::oid and l.objsubid = 2 and l.granted
  where me.pid = pg_backend_pid()
  group by a.pid order by a.pid`
