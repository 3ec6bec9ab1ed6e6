import { type Db, sql } from '@ruadar/platform'
import type { AggregateHead, AggregateTotals, Warning } from '@ruadar/reports'
import type { WithdrawnReport } from './withdrawal.ts'

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

/** Ids of what a report is about. */
export interface About {
  domainId: number
  reporterId: number
  /** UTC day on which its period begins, `YYYY-MM-DD`. */
  day: string
}

type AboutOf = (report: FoundReport) => About

/** Inserts those that nothing stands against; their ids by hash. */
export async function insertReports(
  trx: Db,
  state: 'counted' | 'conflict',
  reports: readonly FoundReport[],
  about: AboutOf,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: number; hash: Buffer }>`
    insert into reports (mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                         extra_contact_info, errors, generator, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
    select mail_id, part, ${state}::report_state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, to_timestamp(begin_at),
           to_timestamp(end_at), day, org_name, email, extra_contact_info, errors, generator,
           policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings
    from ${given(reports, about)}
    order by place
    on conflict do nothing
    returning id, xml_hash as hash`.execute(trx)
  return new Map(rows.map(({ id, hash }) => [hash.toString('hex'), id]))
}

export interface Retaken {
  report: FoundReport
  as: WithdrawnReport
  state: 'counted' | 'conflict'
}

/** Writes what the reader says now over reports that were withdrawn; they keep their ids. */
export async function updateReports(trx: Db, retaken: readonly Retaken[], about: AboutOf): Promise<void> {
  if (retaken.length === 0) return
  await sql`
    update reports r set part = given.part, state = own.state, xml_hash = given.xml_hash, xml_bytes = given.xml_bytes,
      domain_id = given.domain_id, reporter_id = given.reporter_id, report_id = given.report_id, begin_at = to_timestamp(given.begin_at),
      end_at = to_timestamp(given.end_at), day = given.day, org_name = given.org_name, email = given.email,
      extra_contact_info = given.extra_contact_info, errors = given.errors, generator = given.generator, policy = given.policy,
      records = given.records, messages = given.messages, dmarc_pass = given.dmarc_pass, dkim_aligned = given.dkim_aligned,
      spf_aligned = given.spf_aligned, warnings = given.warnings, changed_in = default
    from ${given(
      retaken.map(({ report }) => report),
      about,
    )} join unnest(${retaken.map(({ as }) => as.id)}::bigint[], ${retaken.map(({ state }) => state)}::report_state[])
      with ordinality as own (id, state, place) using (place)
    where r.id = own.id`.execute(trx)
}

/** Completes a report that was opened while its records were still being read. */
export async function closeReport(trx: Db, id: number, { totals, aligned, warnings }: Closing): Promise<void> {
  await sql`
    update reports set records = ${totals.records}, messages = ${totals.messages}, dmarc_pass = ${totals.dmarcPass},
      dkim_aligned = ${aligned.dkim}, spf_aligned = ${aligned.spf}, warnings = ${JSON.stringify(warnings)}::jsonb
    where id = ${id}`.execute(trx)
}

function given(reports: readonly FoundReport[], about: AboutOf) {
  const column = <T>(pick: (report: FoundReport) => T) => reports.map(pick)
  return sql`unnest(
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
    ) with ordinality as given (mail_id, part, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                                extra_contact_info, errors, generator, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned,
                                warnings, place)`
}
