import { type Db, sql } from '@ruadar/platform'
import { fromBytes, openPart } from '@ruadar/reports'

/** The raw XML of a report, decompressed again from the stored mail; null when report or mail is gone. */
export async function openReportXml(db: Db, reportId: number): Promise<AsyncIterable<Uint8Array> | null> {
  const { rows } = await sql<{ part: string; raw: Buffer | null }>`
    select r.part, m.raw from reports r join mails m on m.id = r.mail_id where r.id = ${reportId}`.execute(db)
  const [row] = rows
  if (!row?.raw) return null
  return openPart(fromBytes(row.raw), row.part, { limits: { mailBytes: Infinity } })
}
