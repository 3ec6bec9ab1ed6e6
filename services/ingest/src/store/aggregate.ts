import { type Db, sql } from '@ruadar/platform'
import type { AggregateHead, AggregateTotals, Warning } from '@ruadar/reports'
import type { Dictionary } from './dictionary.ts'

/** How far a report got: a new one takes records, one that is here already takes none. */
export interface OpenReport {
  id: number
  outcome: 'imported' | 'conflict' | 'duplicate'
  takesRecords: boolean
  domainId: number
  reporterId: number
  /** UTC day on which its period begins, `YYYY-MM-DD`. */
  day: string
}

/** What is known once the last record has been read. */
export interface Closing {
  totals: AggregateTotals
  aligned: { dkim: number; spf: number }
  warnings: Warning[]
}

export interface FoundReport {
  mailId: number
  part: string
  head: AggregateHead
  /** Not known yet of one whose records are still being read: `closeReport` brings it. */
  closing: Closing | undefined
}

/**
 * Starts reports (report-formats.md 1.9): the same XML again is a duplicate; the same key with other content is kept as a
 * conflict that no sum counts. A mail that is read again meets its own reports and is `imported` as before. The answer has the
 * order of what was given; of two with the same key the first counts.
 */
export async function openReports(trx: Db, dictionary: Dictionary, found: readonly FoundReport[]): Promise<OpenReport[]> {
  const domains = await dictionary.names('domains', new Set(found.map(({ head }) => head.policy.domain)))
  const reporters = await dictionary.names('reporters', new Set(found.map(({ head }) => head.reporter)))
  const about = ({ head }: FoundReport): About => ({
    domainId: domains.get(head.policy.domain) ?? 0,
    reporterId: reporters.get(head.reporter) ?? 0,
    day: new Date(head.begin * 1000).toISOString().slice(0, 10),
  })
  await dictionary.months.ensure(found.map((report) => about(report).day))
  const opened = new Map<FoundReport, OpenReport>()
  for (const state of ['counted', 'conflict'] as const) {
    const waiting = found.filter((report) => !opened.has(report))
    if (waiting.length === 0) break
    const first = new Map(waiting.toReversed().map((report) => [report.head.xmlHash, report]))
    const outcome = state === 'counted' ? 'imported' : 'conflict'
    const written = await insertReports(trx, state, [...first.values()].reverse(), about)
    for (const [hash, id] of written) {
      const report = first.get(hash)
      if (report) opened.set(report, { id, outcome, takesRecords: true, ...about(report) })
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

type About = Pick<OpenReport, 'domainId' | 'reporterId' | 'day'>

async function insertReports(
  trx: Db,
  state: 'counted' | 'conflict',
  reports: readonly FoundReport[],
  about: (report: FoundReport) => About,
): Promise<Map<string, number>> {
  const column = <T>(pick: (report: FoundReport) => T) => reports.map(pick)
  const { rows } = await sql<{ id: number; hash: Buffer }>`
    insert into reports (mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                         extra_contact_info, errors, generator, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
    select mail_id, part, ${state}::report_state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, to_timestamp(begin_at),
           to_timestamp(end_at), day, org_name, email, extra_contact_info, errors, generator,
           policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings
    from unnest(
      ${column(({ mailId }) => mailId)}::bigint[], ${column(({ part }) => part)}::text[],
      ${column(({ head }) => Buffer.from(head.xmlHash, 'hex'))}::bytea[], ${column(({ head }) => head.xmlBytes)}::bigint[],
      ${column((report) => about(report).domainId)}::int[], ${column((report) => about(report).reporterId)}::int[],
      ${column(({ head }) => head.reportId)}::text[], ${column(({ head }) => head.begin)}::bigint[], ${column(({ head }) => head.end)}::bigint[],
      ${column((report) => about(report).day)}::date[], ${column(({ head }) => head.orgName)}::text[], ${column(({ head }) => head.email)}::text[],
      ${column(({ head }) => head.extraContactInfo)}::text[], ${column(({ head }) => JSON.stringify(head.errors))}::jsonb[],
      ${column(({ head }) => head.generator)}::text[], ${column(({ head }) => JSON.stringify(head.policy))}::jsonb[],
      ${column(({ closing }) => closing?.totals.records ?? 0)}::int[], ${column(({ closing }) => closing?.totals.messages ?? 0)}::bigint[],
      ${column(({ closing }) => closing?.totals.dmarcPass ?? 0)}::bigint[], ${column(({ closing }) => closing?.aligned.dkim ?? 0)}::bigint[],
      ${column(({ closing }) => closing?.aligned.spf ?? 0)}::bigint[], ${column(({ closing }) => JSON.stringify(closing?.warnings ?? []))}::jsonb[]
    ) with ordinality as given(mail_id, part, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                               extra_contact_info, errors, generator, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned,
                               warnings, place)
    order by place
    on conflict do nothing
    returning id, xml_hash as hash`.execute(trx)
  return new Map(rows.map(({ id, hash }) => [hash.toString('hex'), id]))
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
    const isOwn = row.mailId === report.mailId && row.part === report.part
    const outcome = !isOwn ? 'duplicate' : row.state === 'counted' ? 'imported' : 'conflict'
    found.set(report, { id: row.id, outcome, takesRecords: false })
  }
  return found
}

/** Completes a report that was opened while its records were still being read. */
export async function closeReport(trx: Db, id: number, { totals, aligned, warnings }: Closing): Promise<void> {
  await sql`
    update reports set records = ${totals.records}, messages = ${totals.messages}, dmarc_pass = ${totals.dmarcPass},
      dkim_aligned = ${aligned.dkim}, spf_aligned = ${aligned.spf}, warnings = ${JSON.stringify(warnings)}::jsonb
    where id = ${id}`.execute(trx)
}
