import { type Database, sha256, sql } from '@ruadar/platform'
import type { AggregateHead, AggregateRecord, AggregateTotals } from '@ruadar/reports'
import { createDictionary } from '../../ingest/src/store/dictionary.ts'
import { toColumns } from '../../ingest/src/reading/columns.ts'
import { openMailStore } from '../../ingest/src/store/mail.ts'
import { saveOutcomes } from '../../ingest/src/store/outcomes.ts'

export interface Row {
  sourceIp?: string | null
  count?: number
  disposition?: AggregateRecord['disposition']
  dkim?: AggregateRecord['dkim']
  spf?: AggregateRecord['spf']
  headerFrom?: string
  envelopeFrom?: string | null
  auth?: AggregateRecord['auth']
  reasons?: AggregateRecord['reasons']
}

export interface Report {
  reporter?: string
  domain?: string
  /** UTC day that the report is about. */
  day: string
  reportId?: string
  /** What makes reports with the same key differ. */
  content?: string
  adkim?: 'r' | 's' | null
  rows: Row[]
}

let made = 0

/** Stores a report the way ingest does, as if a mail with it had been read; its id and outcome. */
export async function storeReport({ db }: Database, report: Report): Promise<{ id: string; mailId: string; outcome: string }> {
  made += 1
  const content = report.content ?? `report ${made}`
  const { rows } = await sql<{ id: number }>`
    insert into mails (hash, origin, size, raw) values (${sha256(`mail ${made}`)}, 'import', 1, ${Buffer.from(content)})
    returning id`.execute(db)
  const [mail] = rows
  if (!mail) throw new Error('no mail was stored')
  const records = report.rows.map(toRecord)
  const events = [
    { type: 'report' as const, part: 'xml', report: toHead(report, content) },
    { type: 'records' as const, columns: toColumns(records) },
    { type: 'end' as const, totals: toTotals(records), warnings: [] },
  ]
  const [read] = await db.transaction().execute(async (trx) => {
    const store = await openMailStore(trx, createDictionary(db), [], [])
    store.begin({ ...mail, receivedAt: 1_767_225_600 })
    for (const event of events) await store.take(event)
    const mails = await store.finish()
    const envelope = { subject: `Report Domain: ${report.domain}`, sender: 'reports@mx.example' }
    await saveOutcomes(
      trx,
      mails.map((it) => ({ ...it, envelope })),
    )
    return mails
  })
  const outcome = read?.outcomes[0]
  return { id: String(outcome?.reportId), mailId: String(mail.id), outcome: outcome?.outcome ?? 'none' }
}

function toHead({ reporter = 'mx.example', domain = 'example.com', day, reportId, adkim = null }: Report, content: string): AggregateHead {
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000
  return {
    kind: 'aggregate',
    orgName: reporter,
    email: `dmarc@${reporter}`,
    extraContactInfo: null,
    reportId: reportId ?? `id-${made}`,
    begin,
    end: begin + 86_399,
    errors: [],
    generator: null,
    policy: { domain, p: 'none', sp: null, np: null, adkim, aspf: null, pct: 100, fo: null, testing: null, discoveryMethod: null },
    reporter,
    reporterDerivedFrom: 'org_name',
    namespace: null,
    version: null,
    dialect: 'rfc7489',
    xmlHash: sha256(content).toString('hex'),
    xmlBytes: content.length,
  }
}

function toRecord(row: Row): AggregateRecord {
  const { dkim = 'pass', spf = 'fail', headerFrom = 'example.com' } = row
  return {
    sourceIp: row.sourceIp === undefined ? '192.0.2.1' : row.sourceIp,
    sourceText: null,
    count: row.count ?? 1,
    disposition: row.disposition ?? 'none',
    dkim,
    spf,
    headerFrom,
    envelopeFrom: row.envelopeFrom ?? null,
    nullSender: false,
    envelopeTo: null,
    reasons: row.reasons ?? [],
    auth: row.auth ?? {
      dkim: [{ domain: headerFrom, selector: 's1', result: dkim === 'pass' ? 'pass' : 'fail', humanResult: null }],
      spf: [{ domain: 'bounce.example.net', scope: 'mfrom', result: spf === 'pass' ? 'pass' : 'fail', humanResult: null }],
    },
    recomputed: { dkim, spf, dmarc: dkim === 'pass' || spf === 'pass' ? 'pass' : 'fail' },
  }
}

function toTotals(records: readonly AggregateRecord[]): AggregateTotals {
  const disposition = { none: 0, quarantine: 0, reject: 0, pass: 0, unknown: 0 }
  for (const record of records) disposition[record.disposition] += record.count
  const passing = records.filter((record) => record.dkim === 'pass' || record.spf === 'pass')
  return {
    records: records.length,
    messages: records.reduce((sum, record) => sum + record.count, 0),
    dmarcPass: passing.reduce((sum, record) => sum + record.count, 0),
    disposition,
    sources: new Set(records.map((record) => record.sourceIp)).size,
  }
}
