import { type Db, sql } from '@ruadar/platform'
import type { Difference } from './totals.ts'

/** Mails that are no longer waiting and yet have no outcome; at most `most` of them. */
export async function findMailsWithoutOutcome(db: Db, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    select format('mail %s, stored %s', m.id, m.stored_at at time zone 'UTC') as what, 'no outcome' as stored, 'one or more outcomes' as "right"
    from mails m
    where m.state <> 'stored' and not exists (select from mail_outcomes o where o.mail_id = m.id)
    order by m.id limit ${most}`.execute(db)
  return rows
}

/** Compares daily_tls_failures with the failures of the TLS reports that count; at most `most` differences. */
export async function compareTlsFailures(db: Db, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with found as (
      select p.domain_id, r.day, r.reporter_id, p.policy_type, f.result_type, coalesce(f.receiving_mx_hostname, '') as receiving_mx_hostname,
        sum(f.sessions) as sessions
      from tls_reports r
        join tls_policies p on p.report_id = r.id
        join tls_failures f on f.report_id = p.report_id and f.policy_place = p.place
      where r.state = 'counted' and f.sessions > 0
      group by 1, 2, 3, 4, 5, 6
    )
    select format('daily_tls_failures: %s, %s, %s, policy %s, %s at %s', d.name, day, n.name, policy_type, result_type,
        coalesce(nullif(receiving_mx_hostname, ''), 'no host')) as what,
      format('%s sessions', coalesce(k.sessions, 0)) as stored, format('%s sessions', coalesce(f.sessions, 0)) as "right"
    from daily_tls_failures k
      full join found f using (domain_id, day, reporter_id, policy_type, result_type, receiving_mx_hostname)
      left join domains d on d.id = domain_id left join reporters n on n.id = reporter_id
    where k.sessions is distinct from f.sessions
    order by 1 limit ${most}`.execute(db)
  return rows
}

/** Compares daily_tls with the policies of the TLS reports that count, in one statement and so in one snapshot; at most `most` differences. */
export async function compareTls(db: Db, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with found as (
      select p.domain_id, r.day, r.reporter_id, p.policy_type,
        sum(p.successful) as successful, sum(p.failed) as failed, count(distinct r.id) as reports
      from tls_reports r join tls_policies p on p.report_id = r.id
      where r.state = 'counted'
      group by 1, 2, 3, 4
    )
    select format('daily_tls: %s, %s, %s, policy %s', d.name, day, n.name, policy_type) as what,
      format('%s reports, %s successful, %s failed', coalesce(k.reports, 0), coalesce(k.successful, 0), coalesce(k.failed, 0)) as stored,
      format('%s reports, %s successful, %s failed', coalesce(f.reports, 0), coalesce(f.successful, 0), coalesce(f.failed, 0)) as "right"
    from daily_tls k full join found f using (domain_id, day, reporter_id, policy_type)
      left join domains d on d.id = domain_id left join reporters n on n.id = reporter_id
    where (k.reports, k.successful, k.failed) is distinct from (f.reports, f.successful, f.failed)
    order by 1 limit ${most}`.execute(db)
  return rows
}
