import { type Db, sql } from '@ruadar/platform'

/**
 * Adds a stored TLS report to the daily sums (sign 1), or takes it out again (-1), in the caller's transaction. Sums are written in
 * the order of their key, so that two mails of one domain wait for each other instead of locking each other out.
 */
export async function rollUpTls(trx: Db, reportId: number, sign: 1 | -1): Promise<void> {
  await sql`
    insert into daily_tls as total (domain_id, day, reporter_id, policy_type, successful, failed, reports)
    select p.domain_id, r.day, r.reporter_id, p.policy_type, ${sign}::int * sum(p.successful), ${sign}::int * sum(p.failed), ${sign}::int
    from tls_reports r join tls_policies p on p.report_id = r.id
    where r.id = ${reportId}
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (domain_id, day, reporter_id, policy_type) do update
      set successful = total.successful + excluded.successful, failed = total.failed + excluded.failed,
        reports = total.reports + excluded.reports`.execute(trx)
  await sql`
    insert into daily_tls_failures as total (domain_id, day, reporter_id, policy_type, result_type, receiving_mx_hostname, sessions)
    select p.domain_id, r.day, r.reporter_id, p.policy_type, f.result_type, coalesce(f.receiving_mx_hostname, ''), ${sign}::int * sum(f.sessions)
    from tls_reports r
      join tls_policies p on p.report_id = r.id
      join tls_failures f on f.report_id = p.report_id and f.policy_place = p.place
    where r.id = ${reportId} and f.sessions > 0
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
    on conflict (domain_id, day, reporter_id, policy_type, result_type, receiving_mx_hostname) do update
      set sessions = total.sessions + excluded.sessions`.execute(trx)
  if (sign === 1) return
  for (const [table, gone] of [
    [sql`daily_tls`, sql`t.reports = 0`],
    [sql`daily_tls_failures`, sql`t.sessions = 0`],
  ] as const) {
    await sql`
      delete from ${table} t using tls_reports r join tls_policies p on p.report_id = r.id
      where r.id = ${reportId} and t.domain_id = p.domain_id and t.day = r.day and t.reporter_id = r.reporter_id and ${gone}`.execute(trx)
  }
}
