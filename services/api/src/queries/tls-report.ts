import type { TlsReportDetail } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { tlsReportColumns, type TlsReportRow, toTlsReportItem } from './tls-reports.ts'

/** A sender with trouble lists each of its servers with each of ours; nobody reads more of one policy. */
const mostDetails = 1000

type Row = TlsReportRow & Omit<TlsReportDetail, keyof TlsReportRow | 'policyList'>

/** One TLS report with its policies; null when there is none. `conflictsWith` is the one that counts, or for that one the first of the others. */
export async function findTlsReport(db: Db, id: number): Promise<TlsReportDetail | null> {
  const { rows } = await sql<Row>`
    select ${tlsReportColumns}, r.organization, r.contact, r.warnings as "warningList", r.mail_id::text as "mailId", r.part,
      (select o.id::text from tls_reports o
       where o.day = r.day and o.domain_id = r.domain_id and o.reporter_id = r.reporter_id and o.id <> r.id
         and coalesce(o.report_id, '') = coalesce(r.report_id, '') and o.begin_at = r.begin_at and o.end_at = r.end_at
       order by (o.state = 'counted') desc, o.id limit 1) as "conflictsWith"
    from tls_reports r join reporters n on n.id = r.reporter_id join domains d on d.id = r.domain_id
    where r.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return null
  const policies = await sql<TlsReportDetail['policyList'][number]>`
    select p.policy_type as "policyType", nullif(d.name, '') as domain, p.policy_strings as "policyStrings", p.mx_hosts as "mxHosts",
      p.successful, p.failed,
      (select count(*) from tls_failures f where f.report_id = p.report_id and f.policy_place = p.place) as failures,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'resultType', f.result_type, 'sendingMtaIp', host(f.sending_mta_ip), 'receivingMxHostname', f.receiving_mx_hostname,
          'receivingMxHelo', f.receiving_mx_helo, 'receivingIp', host(f.receiving_ip), 'sessions', f.sessions,
          'additionalInformation', f.additional_information, 'failureReasonCode', f.failure_reason_code) order by f.place)
        from tls_failures f where f.report_id = p.report_id and f.policy_place = p.place and f.place <= ${mostDetails}), '[]') as "failureDetails"
    from tls_policies p join domains d on d.id = p.domain_id
    where p.report_id = ${id} order by p.place`.execute(db)
  return { ...row, ...toTlsReportItem(row), policyList: policies.rows }
}

export async function tlsReportExists(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`select 1 from tls_reports where id = ${id}`.execute(db)
  return rows.length > 0
}
