import type { TlsDomain } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { tlsWhere } from './filter.ts'
import type { Question } from './question.ts'

export type TlsQuestion = Pick<Question, 'domain' | 'reporter' | 'period'>

/** Strangers can report on domains that are not the operator's, and under types that nobody knows; the largest are shown. */
const mostDomains = 1000
const mostTypes = 10

/** Policy domains of counted TLS reports of the period, most failed sessions first, each policy type as the newest report shows it. */
export async function listTlsDomains(db: Db, question: TlsQuestion): Promise<TlsDomain[]> {
  const { rows } = await sql<TlsDomain>`
    with
      types as (
        select p.domain_id, p.policy_type, sum(p.successful)::bigint as successful, sum(p.failed)::bigint as failed,
          row_number() over (partition by p.domain_id order by sum(p.successful + p.failed) desc, p.policy_type) as place
        from daily_tls p where ${tlsWhere(question)}
        group by p.domain_id, p.policy_type
      ),
      sums as (
        select p.domain_id, sum(p.successful)::bigint as successful, sum(p.failed)::bigint as failed,
          count(distinct p.reporter_id) as reporters, max(p.day) as "lastDay"
        from daily_tls p where ${tlsWhere(question)}
        group by p.domain_id
        order by sum(p.failed) desc, sum(p.successful) desc, p.domain_id
        limit ${mostDomains}
      )
    select nullif(d.name, '') as domain, s.successful, s.failed, s.reporters, s."lastDay",
      (select jsonb_agg(
         jsonb_build_object('policyType', t.policy_type, 'successful', t.successful, 'failed', t.failed, 'newest', newest.shown) order by t.place)
       from types t left join lateral (
         select jsonb_build_object('policyStrings', p.policy_strings, 'mxHosts', p.mx_hosts, 'day', p.day, 'reporter', nullif(n.name, '')) as shown
         from tls_policies p join tls_reports r on r.id = p.report_id join reporters n on n.id = r.reporter_id
         where p.domain_id = t.domain_id and p.policy_type = t.policy_type and r.state = 'counted' and ${tlsWhere(question, sql`r.reporter_id`)}
         order by p.day desc, p.report_id desc, p.place limit 1) newest on true
       where t.domain_id = s.domain_id and t.place <= ${mostTypes}) as policies
    from sums s join domains d on d.id = s.domain_id
    order by s.failed desc, s.successful desc, d.name`.execute(db)
  return rows
}
