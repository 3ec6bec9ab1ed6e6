import { type Db, sql } from '@ruadar/platform'
import type { AggregateHead, AggregateRecord, AggregateTotals, Warning } from '@ruadar/reports'
import { noteDeviations } from './deviations.ts'
import type { Dictionary } from './dictionary.ts'
import { rollUp } from './rollups.ts'

/** How far a report got: a new one takes records, one that is here already takes none. */
export interface OpenReport {
  id: number
  outcome: 'imported' | 'conflict' | 'duplicate'
  takesRecords: boolean
  /** Of a new one. */
  reporterId?: number
}

/**
 * Starts a report (report-formats.md 1.9): the same XML again is a duplicate; the same key with other content is kept as a
 * conflict that no sum counts. A mail that is read again meets its own reports and is `imported` as before.
 */
export async function openReport(
  trx: Db,
  dictionary: Dictionary,
  mail: { id: number; part: string },
  head: AggregateHead,
): Promise<OpenReport> {
  const known = await findByHash(trx, mail, head)
  if (known) return known
  const domainId = await dictionary.name('domains', head.policy.domain)
  const reporterId = await dictionary.name('reporters', head.reporter)
  for (const state of ['counted', 'conflict'] as const) {
    const { rows } = await sql<{ id: number }>`
      insert into reports (mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                           extra_contact_info, errors, generator, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
      values (${mail.id}, ${mail.part}, ${state}::report_state, ${Buffer.from(head.xmlHash, 'hex')}, ${head.xmlBytes}, ${domainId}, ${reporterId},
              ${head.reportId}, to_timestamp(${head.begin}), to_timestamp(${head.end}), (to_timestamp(${head.begin}) at time zone 'UTC')::date,
              ${head.orgName}, ${head.email}, ${head.extraContactInfo}, ${JSON.stringify(head.errors)}::jsonb, ${head.generator},
              ${JSON.stringify(head.policy)}::jsonb, 0, 0, 0, 0, 0, '[]'::jsonb)
      on conflict do nothing
      returning id`.execute(trx)
    if (rows[0]) return { id: rows[0].id, outcome: state === 'counted' ? 'imported' : 'conflict', takesRecords: true, reporterId }
    // Either another process has just committed the same XML, or a report with this key counts already.
    const appeared = await findByHash(trx, mail, head)
    if (appeared) return appeared
  }
  throw new Error('a report could be stored neither as counted nor as conflict')
}

async function findByHash(trx: Db, mail: { id: number; part: string }, head: AggregateHead): Promise<OpenReport | undefined> {
  const { rows } = await sql<{ id: number; own: boolean; state: 'counted' | 'conflict' }>`
    select id, mail_id = ${mail.id} and part = ${mail.part} as own, state from reports
    where xml_hash = ${Buffer.from(head.xmlHash, 'hex')}`.execute(trx)
  const [row] = rows
  if (!row) return undefined
  const outcome = !row.own ? 'duplicate' : row.state === 'counted' ? 'imported' : 'conflict'
  return { id: row.id, outcome, takesRecords: false }
}

/** Writes rows in bulk. `from` is the place of the first one in its report, counted from 1. */
export async function saveRecords(
  trx: Db,
  dictionary: Dictionary,
  reportId: number,
  records: AggregateRecord[],
  from: number,
): Promise<void> {
  const sets = records.map((record) => JSON.stringify({ envelopeFrom: record.envelopeFrom, dkim: record.auth.dkim, spf: record.auth.spf }))
  const setIds = await dictionary.authSets(new Set(sets))
  const authors = await dictionary.names('author_domains', new Set(records.map((record) => record.headerFrom ?? '')))
  const column = <T>(pick: (record: AggregateRecord, index: number) => T) => records.map(pick)
  await sql`
    insert into records (report_id, place, source_ip, messages, disposition, dkim, spf, recomputed_dkim, recomputed_spf,
                         author_domain_id, auth_set_id, envelope_to, overrides)
    select ${reportId}::bigint, ${from - 1}::int + row_number, source_ip, messages, disposition, dkim, spf, recomputed_dkim, recomputed_spf,
           author_domain_id, auth_set_id, envelope_to, overrides
    from unnest(
      ${column((record) => record.sourceIp)}::inet[], ${column((record) => record.count)}::bigint[],
      ${column((record) => record.disposition)}::disposition[], ${column((record) => record.dkim)}::verdict[],
      ${column((record) => record.spf)}::verdict[], ${column((record) => record.recomputed.dkim)}::verdict[],
      ${column((record) => record.recomputed.spf)}::verdict[], ${column((record) => authors.get(record.headerFrom ?? ''))}::int[],
      ${column((_, index) => setIds.get(sets[index] ?? ''))}::bigint[], ${column((record) => record.envelopeTo)}::text[],
      ${column((record) => (record.reasons.length > 0 ? JSON.stringify(record.reasons) : null))}::jsonb[]
    ) with ordinality as given(source_ip, messages, disposition, dkim, spf, recomputed_dkim, recomputed_spf,
                               author_domain_id, auth_set_id, envelope_to, overrides, row_number)`.execute(trx)
}

/** Completes a report: its totals, what was odd about it, and the daily sums unless it is a conflict. */
export async function closeReport(
  trx: Db,
  report: OpenReport,
  totals: AggregateTotals,
  aligned: { dkim: number; spf: number },
  warnings: Warning[],
): Promise<void> {
  await sql`
    update reports set records = ${totals.records}, messages = ${totals.messages}, dmarc_pass = ${totals.dmarcPass},
      dkim_aligned = ${aligned.dkim}, spf_aligned = ${aligned.spf}, warnings = ${JSON.stringify(warnings)}::jsonb
    where id = ${report.id}`.execute(trx)
  if (report.reporterId !== undefined) {
    await noteDeviations(trx, 'aggregate', [{ reporterId: report.reporterId, reportId: report.id, warnings }])
  }
  if (report.outcome === 'imported') await rollUp(trx, report.id, 1)
}
