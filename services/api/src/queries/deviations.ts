import type { DeviationItem, DeviationQuery } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'

/** Sort key: most reports first, then what makes a deviation one. */
const cursor = cursorOf(
  Type.Object({
    reports: Id,
    reporterId: Id,
    kind: Type.Union([Type.Literal('aggregate'), Type.Literal('failure'), Type.Literal('tls')]),
    code: Type.String({ maxLength: 100 }),
    path: Type.String({ maxLength: 200 }),
  }),
)

type Row = Omit<DeviationItem, 'firstAt' | 'lastAt'> & { firstAt: Date; lastAt: Date; reporterId: number }

/** What had to be repaired, and in whose reports; what occurs in most reports first. */
export async function listDeviations(
  db: Db,
  { reporter, kind, code }: DeviationQuery,
  paging: { after: string | undefined; limit: number },
): Promise<{ items: DeviationItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<Row>`
    select nullif(n.name, '') as reporter, v.reporter_id as "reporterId", v.kind, v.code, v.path, v.reports,
      v.first_at as "firstAt", v.last_at as "lastAt", v.last_value as "lastValue",
      case v.kind
        when 'aggregate' then (select r.id from reports r where r.id = v.last_report_id)
        when 'failure' then (select r.id from failure_reports r where r.id = v.last_report_id)
        when 'tls' then (select r.id from tls_reports r where r.id = v.last_report_id)
      end::text as "lastReportId"
    from deviations v join reporters n on n.id = v.reporter_id
    where ${reporter === undefined ? sql`true` : sql`n.name = ${reporter}`}
      and ${kind === undefined ? sql`true` : sql`v.kind = ${kind}::report_kind`}
      and ${code === undefined ? sql`true` : sql`v.code = ${code}`}
      and ${
        after === null
          ? sql`true`
          : sql`(v.reports < ${after.reports}::bigint or v.reports = ${after.reports}::bigint
            and (v.reporter_id, v.kind, v.code, v.path) > (${after.reporterId}::bigint, ${after.kind}::report_kind, ${after.code}, ${after.path}))`
      }
    order by v.reports desc, v.reporter_id, v.kind, v.code, v.path
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ reports, reporterId, kind: of, code: what, path }) => ({
    reports,
    reporterId,
    kind: of,
    code: what,
    path,
  }))
  return {
    items: part.rows.map((row) => ({
      reporter: row.reporter,
      kind: row.kind,
      code: row.code,
      path: row.path,
      reports: row.reports,
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      lastValue: row.lastValue,
      lastReportId: row.lastReportId,
    })),
    next: part.next,
  }
}
