import { openRawMails, openReaders, readRawTotals, type RawReport, type RawTotals } from '@ruadar/ingest'
import { type Database, type Settings, sql } from '@ruadar/platform'
import type { Difference } from './totals.ts'

/** Mails that are looked at together; the memory it takes is that of one step of the reader threads. */
const mailsAtOnce = 200

export interface RawComparison {
  /** Mails that were read again. */
  read: number
  /** Mails with reports whose bytes are gone: nothing is left to compare with. */
  withoutBytes: number
  differences: Difference[]
}

/**
 * Reads the mail of every report again and compares what the reader says with the report's stored totals. Stores nothing, so that it can run
 * beside ingest: a mail that is read by others meanwhile is left out. `note` hears how many mails so far. Names at most `most` differences.
 */
export async function compareRawMails(
  { database, settings }: { database: Database; settings: Settings },
  most: number,
  note: (mails: number) => void = () => {},
): Promise<RawComparison> {
  const comparison: RawComparison = { read: 0, withoutBytes: await countWithoutBytes(database), differences: [] }
  const readers = openReaders(settings)
  const objects = openRawMails(settings)
  try {
    for (let last = 0; comparison.differences.length < most; ) {
      const mails = await nextMails(database, last)
      if (mails.size === 0) break
      last = Math.max(...mails.keys())
      const found = await readRawTotals({ database, readers, objects }, [...mails.keys()])
      comparison.differences.push(...(await compare(database, mails, found)))
      comparison.read += found.length
      note(comparison.read)
    }
  } finally {
    await readers.close()
  }
  comparison.differences.splice(most)
  return comparison
}

const hasReports = sql`(exists (select from reports r where r.mail_id = m.id) or exists (select from tls_reports r where r.mail_id = m.id))`
const hasBytes = sql`((m.raw is not null or m.raw_object is not null) and not m.reduced)`

async function countWithoutBytes({ db }: Database): Promise<number> {
  const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails m where not ${hasBytes} and ${hasReports}`.execute(db)
  return rows[0]?.mails ?? 0
}

/** When each was read last. */
async function nextMails({ db }: Database, last: number): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; readAt: string }>`
    select id, read_at::text as "readAt" from mails m
    where id > ${last} and state <> 'stored' and ${hasBytes} and ${hasReports} order by id limit ${mailsAtOnce}`.execute(db)
  return new Map(rows.map(({ id, readAt }) => [id, readAt]))
}

interface Stored {
  kind: RawReport['kind']
  id: number
  mailId: number
  hash: string
  totals: string
  readAt: string
  waits: boolean
}

async function compare({ db }: Database, mails: ReadonlyMap<number, string>, found: readonly RawTotals[]): Promise<Difference[]> {
  const hashes = found.flatMap(({ reports }) => reports.map(({ hash }) => Buffer.from(hash, 'hex')))
  const ids = [...mails.keys()]
  const { rows } = await sql<Stored>`
    select s.*, m.read_at::text as "readAt", m.state = 'stored' as waits
    from (
      select 'aggregate' as kind, id, mail_id as "mailId", encode(xml_hash, 'hex') as hash,
        format('%s records, %s messages (%s pass, %s DKIM, %s SPF)', records, messages, dmarc_pass, dkim_aligned, spf_aligned) as totals
      from reports where mail_id = any(${ids}::bigint[]) or xml_hash = any(${hashes}::bytea[])
      union all
      select 'tls', id, mail_id, encode(content_hash, 'hex'),
        format('%s policies, %s successful, %s failed', (select count(*) from tls_policies p where p.report_id = r.id), successful, failed)
      from tls_reports r where mail_id = any(${ids}::bigint[]) or content_hash = any(${hashes}::bytea[])
    ) s join mails m on m.id = s."mailId"
    order by s.id`.execute(db)
  const byHash = new Map(rows.map((row) => [`${row.kind} ${row.hash}`, row]))
  const differences: Difference[] = []
  for (const { id, reports, failed } of found) {
    const own = rows.filter(({ mailId }) => mailId === id)
    if (own.some(({ readAt, waits }) => waits || readAt !== mails.get(id))) continue
    if (failed !== undefined) {
      differences.push({ what: `mail ${id}`, stored: `${own.length} reports`, right: `unreadable now (${failed})` })
      continue
    }
    const missing = new Set(own)
    for (const { kind, part, hash, totals } of reports) {
      const stored = byHash.get(`${kind} ${hash}`)
      if (stored?.mailId === id) missing.delete(stored)
      if (stored && stored.totals !== totals && stored.mailId === id)
        differences.push({ what: `${kind} report ${stored.id} (mail ${id}, ${part})`, stored: stored.totals, right: totals })
      if (!stored && !(await isRefused(db, id, part))) differences.push({ what: `mail ${id}, ${part}`, stored: 'nothing', right: totals })
    }
    for (const { kind, id: reportId, totals } of missing)
      differences.push({ what: `${kind} report ${reportId} (mail ${id})`, stored: totals, right: 'no such report in the mail' })
  }
  return differences
}

/** Whether the mail's list of outcomes says why this part brought no report. */
async function isRefused(db: Database['db'], mailId: number, part: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from mail_outcomes where mail_id = ${mailId} and part = ${part} and outcome in ('quarantined', 'ignored')`.execute(db)
  return rows.length > 0
}
