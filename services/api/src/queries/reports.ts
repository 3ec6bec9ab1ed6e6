import type { ReportItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'
import { type CountRow, toCounts } from './counts.ts'
import { reportsWhere } from './filter.ts'
import type { Question } from './question.ts'

const cursor = cursorOf(Type.Object({ day: Type.String({ format: 'date' }), id: Id }))

/** The columns of a report in a list, from `r` with its names. Its own totals: filters choose reports, not rows of them. */
export const reportColumns = sql`
  r.id::text as id, n.name as reporter, d.name as domain, r.report_id as "reportId", r.begin_at as begin, r.end_at as end,
  r.day, r.records, r.messages, r.dmarc_pass as "dmarcPass", r.dkim_aligned as "dkimAligned", r.spf_aligned as "spfAligned",
  r.state, jsonb_array_length(r.warnings) as warnings, r.stored_at as "storedAt"`

export interface ReportRow extends CountRow {
  id: string
  reporter: string
  domain: string
  reportId: string | null
  begin: Date
  end: Date
  day: string
  records: number
  state: ReportItem['state']
  warnings: number
  storedAt: Date
}

export function toReportItem(row: ReportRow): ReportItem {
  return {
    id: row.id,
    reporter: row.reporter,
    domain: row.domain,
    reportId: row.reportId,
    begin: row.begin.toISOString(),
    end: row.end.toISOString(),
    day: row.day,
    records: row.records,
    ...toCounts(row),
    state: row.state,
    warnings: row.warnings,
    storedAt: row.storedAt.toISOString(),
  }
}

/** Reports of the period, newest day first; conflicts are among them unless `state` says otherwise. */
export async function listReports(
  db: Db,
  question: Question,
  paging: { state: ReportItem['state'] | undefined; after: string | undefined; limit: number },
): Promise<{ items: ReportItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<ReportRow>`
    select ${reportColumns}
    from reports r join reporters n on n.id = r.reporter_id join domains d on d.id = r.domain_id
    where ${reportsWhere(question)}
      and ${paging.state === undefined ? sql`true` : sql`r.state = ${paging.state}::report_state`}
      and ${after === null ? sql`true` : sql`(r.day, r.id) < (${after.day}::date, ${after.id}::bigint)`}
    order by r.day desc, r.id desc
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => ({ day: row.day, id: Number(row.id) }))
  return { items: part.rows.map(toReportItem), next: part.next }
}
