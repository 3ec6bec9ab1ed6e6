import { type Db, sql } from '@ruadar/platform'
import { fromBytes, openPart, unlimited } from '@ruadar/reports'

interface Stored {
  part: string
  raw: Buffer | null
}

/** The raw XML of an aggregate report, decompressed again from the stored mail; null when report or mail is gone. */
export async function openReportXml(db: Db, reportId: number): Promise<AsyncIterable<Uint8Array> | null> {
  const { rows } = await sql<Stored>`
    select r.part, m.raw from reports r join mails m on m.id = r.mail_id where r.id = ${reportId}`.execute(db)
  return open(rows[0])
}

/** The raw JSON of a TLS report, in the same way. */
export async function openTlsJson(db: Db, reportId: number): Promise<AsyncIterable<Uint8Array> | null> {
  const { rows } = await sql<Stored>`
    select r.part, m.raw from tls_reports r join mails m on m.id = r.mail_id where r.id = ${reportId}`.execute(db)
  return open(rows[0])
}

function open(stored: Stored | undefined): AsyncIterable<Uint8Array> | null {
  return stored?.raw ? openPart(fromBytes(stored.raw), stored.part, { limits: unlimited }) : null
}
