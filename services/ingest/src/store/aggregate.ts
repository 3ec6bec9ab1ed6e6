import { type Db, sql } from '@ruadar/platform'
import type { Dictionary } from './dictionary.ts'
import { type About, type FoundReport, insertReports } from './report-rows.ts'
import { keyOf, type Reread } from './reread.ts'
import type { WithdrawnReport } from './withdrawal.ts'

/** How far a report got: a new one takes records, and so does one that is read again; of another mail's there is nothing to take. */
export interface OpenReport extends About {
  id: number
  outcome: 'imported' | 'conflict' | 'duplicate'
  takesRecords: boolean
  /** The report as it stood, where a mail is read again. */
  before: WithdrawnReport | undefined
}

/**
 * Starts reports (report-formats.md 1.9): the same XML again is a duplicate; the same key with other content is kept as a
 * conflict that no sum counts. A mail that is read again meets its own reports, which take what the reader says now. The answer has the
 * order of what was given; of two with the same key the first counts.
 */
export async function openReports(
  trx: Db,
  dictionary: Dictionary,
  found: readonly FoundReport[],
  reread: Reread | undefined,
): Promise<OpenReport[]> {
  const domains = await dictionary.names('domains', new Set(found.map(({ head }) => head.policy.domain)))
  const reporters = await dictionary.names('reporters', new Set(found.map(({ head }) => head.reporter)))
  const about = ({ head }: FoundReport): About => ({
    domainId: domains.get(head.policy.domain) ?? 0,
    reporterId: reporters.get(head.reporter) ?? 0,
    day: new Date(head.begin * 1000).toISOString().slice(0, 10),
  })
  await dictionary.months.ensure(found.map((report) => about(report).day))
  const opened = new Map<FoundReport, OpenReport>()
  for (const { report, as, state } of (await reread?.retake(found, (report) => keyOf(report, about(report)))) ?? []) {
    const outcome = state === 'counted' ? 'imported' : 'conflict'
    opened.set(report, { id: as.id, outcome, takesRecords: true, before: as, ...about(report) })
  }
  for (const state of ['counted', 'conflict'] as const) {
    const waiting = found.filter((report) => !opened.has(report))
    if (waiting.length === 0) break
    const first = new Map(waiting.toReversed().map((report) => [report.head.xmlHash, report]))
    const outcome = state === 'counted' ? 'imported' : 'conflict'
    const written = await insertReports(trx, state, [...first.values()].reverse(), about)
    for (const [hash, id] of written) {
      const report = first.get(hash)
      if (report) opened.set(report, { id, outcome, takesRecords: true, before: undefined, ...about(report) })
    }
    // The rest: the same XML is here already, or a report with this key counts.
    const rest = waiting.filter((report) => !opened.has(report))
    for (const [report, known] of await findByHash(trx, rest)) opened.set(report, { ...known, ...about(report) })
  }
  return found.map((report) => {
    const open = opened.get(report)
    if (!open) throw new Error('a report could be stored neither as counted nor as conflict')
    return open
  })
}

async function findByHash(trx: Db, reports: readonly FoundReport[]): Promise<Map<FoundReport, Omit<OpenReport, keyof About>>> {
  if (reports.length === 0) return new Map()
  const { rows } = await sql<{ id: number; hash: Buffer; mailId: number; part: string; state: 'counted' | 'conflict' }>`
    select id, xml_hash as hash, mail_id as "mailId", part, state from reports
    where xml_hash = any(${reports.map(({ head }) => Buffer.from(head.xmlHash, 'hex'))}::bytea[])`.execute(trx)
  const known = new Map(rows.map((row) => [row.hash.toString('hex'), row]))
  const found = new Map<FoundReport, Omit<OpenReport, keyof About>>()
  for (const report of reports) {
    const row = known.get(report.head.xmlHash)
    if (!row) continue
    // Its own only when its records are gone by retention: then it stays as it is.
    const isOwn = row.mailId === report.mailId && row.part === report.part
    const outcome = !isOwn ? 'duplicate' : row.state === 'counted' ? 'imported' : 'conflict'
    found.set(report, { id: row.id, outcome, takesRecords: false, before: undefined })
  }
  return found
}
