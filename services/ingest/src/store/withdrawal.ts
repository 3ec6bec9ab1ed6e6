import { type Db, sql } from '@ruadar/platform'
import type { Warning } from '@ruadar/reports'
import { holdDeletionOff } from './deleted-days.ts'
import { countConflicts, rollUp } from './rollups.ts'

/** A report of a mail that is read again, as it stood: out of all sums and without records until the reader has found it anew. */
export interface WithdrawnReport {
  id: number
  mailId: number
  part: string
  /** SHA-256 of its XML, in hex. */
  hash: string
  state: 'counted' | 'conflict'
  key: ReportKey
  warnings: Warning[]
  /** Equal before and after when nothing of its rows has changed that a sum depends on. */
  rows: string
}

/** What makes two reports one and the same (report-formats.md 1.9). Begin and end in UTC epoch seconds; day: UTC, `YYYY-MM-DD`. */
export interface ReportKey {
  reporterId: number
  domainId: number
  reportId: string
  begin: number
  end: number
  day: string
}

/**
 * Takes the reports that mails have brought before out of all sums and deletes their records, in the caller's transaction: nobody sees it
 * before they are there again. Those whose records retention has deleted stay as they are. For mails that are read the first time it
 * finds nothing.
 */
export async function withdrawReports(trx: Db, mailIds: readonly number[]): Promise<WithdrawnReport[]> {
  const { rows: known } = await sql`select 1 from reports where mail_id = any(${mailIds}::bigint[]) limit 1`.execute(trx)
  if (known.length === 0) return []
  await holdDeletionOff(trx)
  const { rows: reports } = await sql<Omit<WithdrawnReport, 'key' | 'rows'> & ReportKey>`
    select id, mail_id as "mailId", part, encode(xml_hash, 'hex') as hash, state, warnings, reporter_id as "reporterId", domain_id as "domainId",
      coalesce(report_id, '') as "reportId", extract(epoch from begin_at)::bigint as begin, extract(epoch from end_at)::bigint as end, day
    from reports
    where mail_id = any(${mailIds}::bigint[]) and not records_deleted(day)
    order by id for update`.execute(trx)
  if (reports.length === 0) return []
  const rows = await describeRows(trx, reports)
  const idsOf = (state: 'counted' | 'conflict') => reports.filter((report) => report.state === state).map(({ id }) => id)
  await rollUp(
    trx,
    idsOf('counted').map((reportId) => ({ reportId, after: 0 })),
    -1,
  )
  await countConflicts(trx, idsOf('conflict'), -1)
  await sql`
    delete from records c using unnest(${reports.map(({ id }) => id)}::bigint[], ${reports.map(({ day }) => day)}::date[]) as r (id, day)
    where c.report_id = r.id and c.day = r.day`.execute(trx)
  return reports.map(({ reporterId, domainId, reportId, begin, end, day, ...report }) => ({
    ...report,
    key: { reporterId, domainId, reportId, begin, end, day },
    rows: rows.get(report.id) ?? '',
  }))
}

/** For each report all that the sums know of its rows, in short. */
export async function describeRows(trx: Db, reports: readonly { id: number; day: string }[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; said: string }>`
    select r.id, concat_ws(' ', r.state, r.domain_id, r.reporter_id, r.day, count(c.report_id), sum(c.messages),
      sum(hashtextextended(concat_ws(' ', c.way_id, c.messages, v.disposition, v.dkim, v.spf), 0))) as said
    from reports r
      join unnest(${reports.map(({ id }) => id)}::bigint[], ${reports.map(({ day }) => day)}::date[]) as given (id, day) on given.id = r.id
      left join records c on c.report_id = r.id and c.day = given.day
      left join verdicts v on v.id = c.verdict_id
    group by r.id`.execute(trx)
  return new Map(rows.map(({ id, said }) => [id, said]))
}
