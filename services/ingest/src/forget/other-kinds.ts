import { type Db, sql } from '@ruadar/platform'
import { rollUpTls } from '../store/tls-rollups.ts'
import type { Forgotten } from './forgotten.ts'
import { dropOutcomes } from './mails.ts'

const reportsAtOnce = 200

/** Deletes failure reports about a domain, with the log of who opened them. False: none was left. */
export async function forgetFailures(trx: Db, { id, name }: Forgotten): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select id from failure_reports where domain_id = ${id} order by id limit ${reportsAtOnce} for update`.execute(trx)
  const ids = rows.map((row) => row.id)
  await sql`delete from sample_openings where failure_report_id = any(${ids}::bigint[])`.execute(trx)
  await dropOutcomes(trx, 'failure_report_id', ids, name, () =>
    sql`delete from failure_reports where id = any(${ids}::bigint[])`.execute(trx),
  )
  return ids.length > 0
}

/** Deletes what TLS reports said of a domain; a report that told of others as well goes on without it. False: none was left. */
export async function forgetTls(trx: Db, { id, name }: Forgotten): Promise<boolean> {
  const { rows } = await sql<{ id: number; state: string; shared: boolean }>`
    select r.id, r.state, exists (select from tls_policies p where p.report_id = r.id and p.domain_id <> ${id}) as shared
    from tls_reports r
    where r.domain_id = ${id} or r.id in (select report_id from tls_policies where domain_id = ${id})
    order by r.id limit ${reportsAtOnce} for update`.execute(trx)
  for (const { id: reportId, state } of rows) if (state === 'counted') await rollUpTls(trx, reportId, -1)
  const own = rows.filter(({ shared }) => !shared).map((row) => row.id)
  await dropOutcomes(trx, 'tls_report_id', own, name, () => sql`delete from tls_reports where id = any(${own}::bigint[])`.execute(trx))
  for (const { id: reportId } of rows.filter(({ shared }) => shared)) await shorten(trx, reportId, id)
  return rows.length > 0
}

/** The first domain that is left becomes the report's. Another report may have that key already: then this one is the conflict. */
async function shorten(trx: Db, reportId: number, domainId: number): Promise<void> {
  await sql`delete from tls_policies where report_id = ${reportId} and domain_id = ${domainId}`.execute(trx)
  const { rows } = await sql<{ state: string }>`
    update tls_reports r set domain_id = rest.domain_id, successful = rest.successful, failed = rest.failed,
      state = case when exists (
          select from tls_reports o where o.state = 'counted' and o.id <> r.id and o.reporter_id = r.reporter_id and o.domain_id = rest.domain_id
            and coalesce(o.report_id, '') = coalesce(r.report_id, '') and o.begin_at = r.begin_at and o.end_at = r.end_at)
        then 'conflict' else r.state end
    from (
      select (array_agg(domain_id order by place))[1] as domain_id, sum(successful) as successful, sum(failed) as failed
      from tls_policies where report_id = ${reportId}) rest
    where r.id = ${reportId}
    returning r.state`.execute(trx)
  if (rows[0]?.state === 'counted') await rollUpTls(trx, reportId, 1)
}
