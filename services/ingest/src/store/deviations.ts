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
 * For reports that are new only. Sums are written in the order of their key, so that two processes wait for each other instead of
 * locking each other out. Values of failure reports are left out: they are other people's mail, and this list outlives them.
 */
export async function noteDeviations(trx: Db, kind: ReportKind, reports: readonly DeviatingReport[]): Promise<void> {
  const noted = new Map<
    string,
    { reporterId: number; code: string; path: string; reports: Set<number>; last: number; value: string | null }
  >()
  for (const { reporterId, reportId, warnings } of reports) {
    for (const warning of warnings) {
      const code = storedText(warning.code, indexed.word)
      const path = storedText(withoutNumbers(warning.path), indexed.path)
      const key = JSON.stringify([reporterId, code, path])
      const deviation = noted.get(key) ?? { reporterId, code, path, reports: new Set(), last: reportId, value: null }
      noted.set(key, deviation)
      deviation.reports.add(reportId)
      deviation.last = reportId
      deviation.value = kind === 'failure' ? null : storedText(warning.value)
    }
  }
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

/** `record[17]/row/count` is the same deviation as `record[4]/row/count`. */
const withoutNumbers = (path: string): string => path.replaceAll(/\[\d+\]/g, '')
