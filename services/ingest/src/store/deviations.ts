import { type Db, sql } from '@ruadar/platform'
import type { Warning } from '@ruadar/reports'
import type { ReportKind } from './outcomes.ts'
import { indexed, storedText } from './stored-text.ts'

interface DeviatingReport {
  reporterId: number
  reportId: number
  warnings: readonly Warning[]
}

/**
 * Adds to what is known of each reporter's deviations: one report more for every code and path in it, however often it occurs there.
 * Of reports that are read again `before` says what they had: that is not counted twice, and what they no longer have is taken away.
 * Sums are written in the order of their key, so that two processes wait for each other instead of locking each other out. Values of
 * failure reports are left out: they are other people's mail, and this list outlives them.
 */
export async function noteDeviations(
  trx: Db,
  kind: ReportKind,
  reports: readonly DeviatingReport[],
  before: readonly DeviatingReport[] = [],
): Promise<void> {
  const had = new Map(
    before.flatMap(({ reporterId, reportId, warnings }) =>
      warnings.map((warning) => {
        const { code, path } = keyOf(warning)
        return [JSON.stringify([reportId, reporterId, code, path]), { reporterId, code, path }] as const
      }),
    ),
  )
  const has = new Set<string>()
  const noted = new Map<
    string,
    { reporterId: number; code: string; path: string; reports: Set<number>; last: number; value: string | null }
  >()
  for (const { reporterId, reportId, warnings } of reports) {
    for (const warning of warnings) {
      const { code, path } = keyOf(warning)
      const own = JSON.stringify([reportId, reporterId, code, path])
      has.add(own)
      if (had.has(own)) continue
      const key = JSON.stringify([reporterId, code, path])
      const deviation = noted.get(key) ?? { reporterId, code, path, reports: new Set(), last: reportId, value: null }
      noted.set(key, deviation)
      deviation.reports.add(reportId)
      deviation.last = reportId
      deviation.value = kind === 'failure' ? null : storedText(warning.value)
    }
  }
  await takeAway(
    trx,
    kind,
    [...had].filter(([own]) => !has.has(own)).map(([, deviation]) => deviation),
  )
  if (noted.size === 0) return
  const rows = [...noted.values()]
  await sql`
    insert into deviations as known (reporter_id, kind, code, path, reports, last_report_id, last_value)
    select reporter_id, ${kind}::report_kind, code, path, reports, last, value
    from unnest(
      ${rows.map((row) => row.reporterId)}::int[], ${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.path)}::text[],
      ${rows.map((row) => row.reports.size)}::bigint[], ${rows.map((row) => row.last)}::bigint[], ${rows.map((row) => row.value)}::text[]
    ) as given(reporter_id, code, path, reports, last, value)
    order by reporter_id, code, path
    on conflict (reporter_id, kind, code, path) do update set
      reports = known.reports + excluded.reports, last_at = now(),
      last_report_id = excluded.last_report_id, last_value = excluded.last_value`.execute(trx)
}

/** One report fewer for each of them; one that no report has any more is forgotten. */
async function takeAway(trx: Db, kind: ReportKind, gone: readonly { reporterId: number; code: string; path: string }[]): Promise<void> {
  if (gone.length === 0) return
  await sql`
    with
      given as (
        select reporter_id, code, path, count(*) as reports
        from unnest(${gone.map((it) => it.reporterId)}::int[], ${gone.map((it) => it.code)}::text[], ${gone.map((it) => it.path)}::text[])
          as given (reporter_id, code, path)
        group by 1, 2, 3
      ),
      known as (
        select d.ctid, given.reports from deviations d join given using (reporter_id, code, path)
        where d.kind = ${kind}::report_kind order by d.reporter_id, d.code, d.path for update of d
      )
    update deviations d set reports = d.reports - known.reports from known where d.ctid = known.ctid`.execute(trx)
  await sql`
    delete from deviations
    where reporter_id = any(${gone.map((it) => it.reporterId)}::int[]) and kind = ${kind}::report_kind and reports <= 0`.execute(trx)
}

function keyOf(warning: Warning): { code: string; path: string } {
  return { code: storedText(warning.code, indexed.word), path: storedText(withoutNumbers(warning.path), indexed.path) }
}

/** `record[17]/row/count` is the same deviation as `record[4]/row/count`. */
const withoutNumbers = (path: string): string => path.replaceAll(/\[\d+\]/g, '')
