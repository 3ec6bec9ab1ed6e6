import type { TlsReportItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'
import { reportsAnyDay, tlsWhere } from './filter.ts'
import type { TlsQuestion } from './tls-domains.ts'

const cursor = cursorOf(Type.Object({ day: Type.String({ format: 'date' }), id: Id }))

/** The columns of a TLS report in a list, from `r` with its names. */
export const tlsReportColumns = sql`
  r.id::text as id, nullif(n.name, '') as reporter, nullif(d.name, '') as domain, r.report_id as "reportId", r.begin_at as begin,
  r.end_at as end, r.day, (select count(*) from tls_policies c where c.report_id = r.id) as policies, r.successful, r.failed, r.state,
  jsonb_array_length(r.warnings) as warnings, r.stored_at as "storedAt"`

export interface TlsReportRow extends Omit<TlsReportItem, 'begin' | 'end' | 'storedAt'> {
  begin: Date
  end: Date
  storedAt: Date
}

export function toTlsReportItem(row: TlsReportRow): TlsReportItem {
  return { ...row, begin: row.begin.toISOString(), end: row.end.toISOString(), storedAt: row.storedAt.toISOString() }
}

/** TLS reports of the period with a policy of the domain, newest day first; conflicts are among them unless `state` says otherwise. */
export async function listTlsReports(
  db: Db,
  question: TlsQuestion,
  paging: { state: TlsReportItem['state'] | undefined; after: string | undefined; limit: number },
): Promise<{ items: TlsReportItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { domain, ...rest } = question
  const { rows } = await sql<TlsReportRow>`
    select ${tlsReportColumns}
    from tls_reports r join reporters n on n.id = r.reporter_id join domains d on d.id = r.domain_id
    where r.day >= ${question.period.from}::date and r.day < ${question.period.to}::date and ${reportsAnyDay({ ...rest })}
      and ${
        domain === undefined
          ? sql`true`
          : sql`r.id in (select p.report_id from tls_policies p where ${tlsWhere({ domain, period: question.period })})`
      }
      and ${paging.state === undefined ? sql`true` : sql`r.state = ${paging.state}::report_state`}
      and ${after === null ? sql`true` : sql`(r.day, r.id) < (${after.day}::date, ${after.id}::bigint)`}
    order by r.day desc, r.id desc
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => ({ day: row.day, id: Number(row.id) }))
  return { items: part.rows.map(toTlsReportItem), next: part.next }
}
