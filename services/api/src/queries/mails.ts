import { Readable } from 'node:stream'
import type { MailItem, MailState, Outcome } from '@ruadar/contract'
import { openRaw } from '@ruadar/ingest'
import { type Db, type ObjectStore, sql } from '@ruadar/platform'
import { cursorOf, Id, page } from '../cursor.ts'

const cursor = cursorOf(Id)

const mailColumns = sql`
  m.id::text as id, m.origin, b.definition->>'name' as mailbox, m.filename, m.subject, m.sender, m.size, m.reduced, m.state,
  m.stored_at as "storedAt", m.read_at as "readAt",
  coalesce(
    (select jsonb_agg(jsonb_build_object(
       'part', o.part, 'outcome', o.outcome, 'kind', o.kind, 'reportId', o.report_id::text, 'failureReportId', o.failure_report_id::text,
       'tlsReportId', o.tls_report_id::text, 'code', o.code, 'message', o.message) order by o.place)
     from mail_outcomes o where o.mail_id = m.id), '[]') as outcomes`

type Row = Omit<MailItem, 'storedAt' | 'readAt'> & { storedAt: Date; readAt: Date | null }

const toMailItem = (row: Row): MailItem => ({ ...row, storedAt: row.storedAt.toISOString(), readAt: row.readAt?.toISOString() ?? null })

export interface MailPaging {
  state: MailState | undefined
  code: string | undefined
  after: string | undefined
  limit: number
}

/** What came in, newest first, each with the outcomes of its last reading. */
export async function listMails(db: Db, { state, code, after, limit }: MailPaging): Promise<{ items: MailItem[]; next: string | null }> {
  const before = cursor.read(after)
  const { rows } = await sql<Row>`
    select ${mailColumns}
    from mails m left join mailboxes b on b.id = m.mailbox_id
    where ${before === null ? sql`true` : sql`m.id < ${before}`}
      and ${state === undefined ? sql`true` : sql`m.state = ${state}::mail_state`}
      and ${code === undefined ? sql`true` : sql`m.id in (select o.mail_id from mail_outcomes o where o.code = ${code})`}
    order by m.id desc
    limit ${limit + 1}`.execute(db)
  const part = page(rows, limit, cursor, (row) => Number(row.id))
  return { items: part.rows.map(toMailItem), next: part.next }
}

export async function findMail(db: Db, id: number): Promise<MailItem | null> {
  const { rows } = await sql<Row>`
    select ${mailColumns} from mails m left join mailboxes b on b.id = m.mailbox_id where m.id = ${id}`.execute(db)
  return rows[0] ? toMailItem(rows[0]) : null
}

/** What became of mails, in no order; those that are gone are left out. */
export async function findOutcomes(db: Db, ids: readonly number[]): Promise<Map<number, { state: MailState; outcomes: Outcome[] }>> {
  const { rows } = await sql<Row>`
    select ${mailColumns} from mails m left join mailboxes b on b.id = m.mailbox_id where m.id = any(${ids}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [Number(row.id), { state: row.state, outcomes: row.outcomes }]))
}

/**
 * Ids of the failure reports that a mail holds, its own and those that it repeats; null when it holds none. Empty for one whose
 * failure reports were not taken: other people's mail it is all the same.
 */
export async function findSamples(db: Db, mailId: number): Promise<number[] | null> {
  const { rows } = await sql<{ id: number | null }>`
    select failure_report_id as id from mail_outcomes where mail_id = ${mailId} and kind = 'failure'
    union select id from failure_reports where mail_id = ${mailId}`.execute(db)
  return rows.length === 0 ? null : rows.flatMap(({ id }) => id ?? [])
}

/** How many of these mails still wait for a reader. */
export async function countWaiting(db: Db, ids: readonly number[]): Promise<number> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from mails where id = any(${ids}::bigint[]) and state = 'stored'`.execute(db)
  return rows[0]?.waiting ?? 0
}

/**
 * Whether sample data was loaded on an earlier UTC day. Samples end with yesterday: those of another day would be other reports
 * with the ids of the first ones, and so conflicts.
 */
export async function hasOlderSamples(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select 1 from mails where origin = 'sample' and stored_at < date_trunc('day', now(), 'UTC') limit 1`.execute(db)
  return rows.length > 0
}

export interface RawMail {
  filename: string | null
  size: number
  chunks: AsyncIterable<Uint8Array>
}

const chunkBytes = 1024 * 1024

/** The bytes as they came, read from the database piece by piece; null when there is no such mail or it was left in its mailbox or its sample deleted. */
export async function openRawMail(db: Db, id: number, objects: ObjectStore | null): Promise<RawMail | null> {
  const { rows } = await sql<{ filename: string | null; size: number; object: Buffer | null }>`
    select filename, octet_length(raw)::bigint as size, raw_object as object
    from mails where id = ${id} and (raw is not null or raw_object is not null)`.execute(db)
  const [{ object, ...row } = { object: null, filename: null, size: 0 }] = rows
  if (object) {
    const bytes = await openRaw(objects, { raw: null, object })
    return bytes && { filename: row.filename, size: bytes.length, chunks: Readable.from([bytes]) }
  }
  return rows.length > 0 ? { ...row, chunks: readChunks(db, id, row.size) } : null
}

async function* readChunks(db: Db, id: number, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < size; start += chunkBytes) {
    const { rows } = await sql<{ chunk: Buffer }>`
      select substring(raw from ${start + 1}::int for ${chunkBytes}::int) as chunk from mails where id = ${id}`.execute(db)
    if (!rows[0]) throw new Error('the mail was deleted while it was read')
    yield rows[0].chunk
  }
}
