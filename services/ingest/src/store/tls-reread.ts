import { type Db, sql } from '@ruadar/platform'
import type { TlsReport, Warning } from '@ruadar/reports'
import { noteDeviations } from './deviations.ts'
import { indexed, storedJson, storedText } from './stored-text.ts'
import { rollUpTls } from './tls-rollups.ts'

/** A TLS report of a mail that is read again, as it stood. Its key as in report-formats.md 1.9. */
export interface WithdrawnTls {
  id: number
  state: 'counted' | 'conflict'
  reporterId: number
  domainId: number
  reportId: string | null
  begin: Date
  end: Date
  warnings: Warning[]
}

/** Takes a report out of the daily sums and deletes its policies; its row stays. */
export async function withdrawTls(trx: Db, id: number): Promise<WithdrawnTls> {
  const { rows } = await sql<WithdrawnTls>`
    select id, state, reporter_id as "reporterId", domain_id as "domainId", report_id as "reportId", begin_at as begin, end_at as end, warnings
    from tls_reports where id = ${id} for update`.execute(trx)
  const [report] = rows
  if (!report) throw new Error('a TLS report has vanished')
  if (report.state === 'counted') await rollUpTls(trx, id, -1)
  await sql`delete from tls_policies where report_id = ${id}`.execute(trx)
  return report
}

/** Writes what the reader says now. A report whose key has become another waits as a conflict, for `settleTls`. */
export async function updateTls(
  trx: Db,
  before: WithdrawnTls,
  report: TlsReport,
  { domainId, reporterId, sum }: { domainId: number | undefined; reporterId: number; sum: (pick: (policy: Policy) => number) => number },
): Promise<'counted' | 'conflict'> {
  const { rows } = await sql<{ state: 'counted' | 'conflict' }>`
    update tls_reports r set
      state = case when (${reporterId}::int, ${domainId}::int, coalesce(${storedText(report.reportId, indexed.id)}, ''), to_timestamp(${report.begin}), to_timestamp(${report.end}))
        = (r.reporter_id, r.domain_id, coalesce(r.report_id, ''), r.begin_at, r.end_at) then r.state else 'conflict' end,
      json_bytes = ${report.jsonBytes}, domain_id = ${domainId}, reporter_id = ${reporterId}, report_id = ${storedText(report.reportId, indexed.id)},
      begin_at = to_timestamp(${report.begin}), end_at = to_timestamp(${report.end}), day = (to_timestamp(${report.begin}) at time zone 'UTC')::date,
      organization = ${storedText(report.organization)}, contact = ${storedText(report.contact)}, successful = ${sum((policy) => policy.successful)},
      failed = ${sum((policy) => policy.failed)}, warnings = ${storedJson(report.warnings)}::jsonb
    where id = ${before.id}
    returning state`.execute(trx)
  return rows[0]?.state ?? 'conflict'
}

type Policy = TlsReport['policies'][number]

/** Sees to it that under the key that a report had, and under the one that it has, one report counts: the chosen one, else the first. */
export async function settleTls(trx: Db, id: number, before: WithdrawnTls): Promise<'imported' | 'conflict'> {
  for (const key of [sql`select * from tls_reports where id = ${id}`, formerKey(before)]) {
    const { rows } = await sql<{ id: number; state: 'counted' | 'conflict' }>`
      select r.id, r.state from tls_reports r join (${key}) k
        on r.reporter_id = k.reporter_id and r.domain_id = k.domain_id and coalesce(r.report_id, '') = coalesce(k.report_id, '')
        and r.begin_at = k.begin_at and r.end_at = k.end_at
      order by r.chosen desc, r.state, r.id for update of r`.execute(trx)
    const [entitled] = rows
    if (!entitled || entitled.state === 'counted') continue
    for (const { id: other } of rows.filter(({ state }) => state === 'counted')) {
      await rollUpTls(trx, other, -1)
      await sql`update tls_reports set state = 'conflict' where id = ${other}`.execute(trx)
    }
    await sql`update tls_reports set state = 'counted' where id = ${entitled.id}`.execute(trx)
    await rollUpTls(trx, entitled.id, 1)
  }
  const { rows } = await sql<{ state: string }>`select state from tls_reports where id = ${id}`.execute(trx)
  return rows[0]?.state === 'counted' ? 'imported' : 'conflict'
}

const formerKey = ({ reporterId, domainId, reportId, begin, end }: WithdrawnTls) => sql`
  select ${reporterId}::int as reporter_id, ${domainId}::int as domain_id, ${reportId}::text as report_id,
    ${begin}::timestamptz as begin_at, ${end}::timestamptz as end_at`

/** Removes reports of mails that were read again and did not bring them this time; mails that repeated them are read again as well. */
export async function removeUnfoundTls(trx: Db, mailIds: readonly number[], found: readonly number[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select id from tls_reports where mail_id = any(${mailIds}::bigint[]) and id <> all(${found}::bigint[]) order by id`.execute(trx)
  for (const { id } of rows) {
    const before = await withdrawTls(trx, id)
    await noteDeviations(trx, 'tls', [], [{ ...before, reportId: id }])
    await sql`
      update mails m set state = 'stored', starts = 0, queued_at = null
      from mail_outcomes o
      where o.tls_report_id = ${id} and o.outcome = 'duplicate' and m.id = o.mail_id
        and (m.raw is not null or m.raw_object is not null) and m.state <> 'stored'`.execute(trx)
    await sql`delete from tls_reports where id = ${id}`.execute(trx)
    await settleTls(trx, id, before)
  }
}
