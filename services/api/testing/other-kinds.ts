import { type Database, sha256, sql } from '@ruadar/platform'
import type { FailureReport, TlsReport } from '@ruadar/reports'
import { failureReport, tlsReport } from '@ruadar/tests/harness/other-kinds'
import { createDictionary } from '../../ingest/src/store/dictionary.ts'
import { saveFailure } from '../../ingest/src/store/failure.ts'
import { saveOutcomes } from '../../ingest/src/store/outcomes.ts'
import { saveTls } from '../../ingest/src/store/tls.ts'

export interface Stored {
  id: string
  mailId: string
  outcome: string
}

let made = 0

/** Stores a failure report the way ingest does, as if a mail with it had been read. */
export async function storeFailure({ db }: Database, given: Parameters<typeof failureReport>[0] = {}): Promise<Stored> {
  const report: FailureReport = failureReport(given)
  const mailId = await newMail(db)
  const receivedAt = Date.parse('2026-03-16T08:00:00Z') / 1000
  const saved = await saveFailure(db, createDictionary(db), { id: mailId, part: 'eml', receivedAt }, report)
  return finish(db, mailId, 'failure', saved)
}

/** Stores a TLS report the same way. */
export async function storeTls({ db }: Database, given: Parameters<typeof tlsReport>[0] = {}): Promise<Stored> {
  const report: TlsReport = tlsReport(given)
  const mailId = await newMail(db)
  const saved = await db.transaction().execute((trx) => saveTls(trx, createDictionary(db), { id: mailId, part: 'eml:2>json' }, report))
  return finish(db, mailId, 'tls', saved)
}

async function newMail(db: Database['db']): Promise<number> {
  const text = `mail of another kind ${++made}`
  const { rows } = await sql<{ id: number }>`
    insert into mails (hash, origin, size, raw) values (${sha256(text)}, 'import', ${text.length}, ${Buffer.from(text)}) returning id`.execute(
    db,
  )
  return rows[0]?.id ?? 0
}

async function finish(
  db: Database['db'],
  mailId: number,
  kind: 'failure' | 'tls',
  { id, outcome }: Awaited<ReturnType<typeof saveTls>>,
): Promise<Stored> {
  const envelope = { subject: 'A report', sender: 'reports@mx.example' }
  await saveOutcomes(db, [{ id: mailId, outcomes: [{ part: 'eml', outcome, kind, reportId: id }], envelope }])
  return { id: String(id), mailId: String(mailId), outcome }
}
