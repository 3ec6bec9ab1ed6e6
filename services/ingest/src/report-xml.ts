import { type Db, type ObjectStore, sql } from '@ruadar/platform'
import { fromBytes, openPart, unlimited } from '@ruadar/reports'
import { type Kept, openRaw } from './raw-mails.ts'

interface Stored extends Kept {
  part: string
}

/** The raw XML of an aggregate report, decompressed again from the stored mail; null when report or mail is gone. */
export async function openReportXml(
  db: Db,
  reportId: number,
  objects: ObjectStore | null = null,
): Promise<AsyncIterable<Uint8Array> | null> {
  const { rows } = await sql<Stored>`
    select r.part, m.raw, m.raw_object as object from reports r join mails m on m.id = r.mail_id where r.id = ${reportId}`.execute(db)
  return open(rows[0], objects)
}

/** The raw JSON of a TLS report, in the same way. */
export async function openTlsJson(db: Db, reportId: number, objects: ObjectStore | null = null): Promise<AsyncIterable<Uint8Array> | null> {
  const { rows } = await sql<Stored>`
    select r.part, m.raw, m.raw_object as object from tls_reports r join mails m on m.id = r.mail_id where r.id = ${reportId}`.execute(db)
  return open(rows[0], objects)
}

async function open(stored: Stored | undefined, objects: ObjectStore | null): Promise<AsyncIterable<Uint8Array> | null> {
  const raw = stored ? await openRaw(objects, stored) : null
  return stored && raw ? openPart(fromBytes(raw), stored.part, { limits: unlimited }) : null
}
