import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { factsOf, isAboutRows, reportsWhere } from './filter.ts'
import type { Question } from './question.ts'
import { domainsOf } from './sums-by-domain.ts'

/**
 * A query: reports that count by day, domain or reporter (`reports`), and when the last of them was stored (`"lastReportAt"`). Those of a
 * whole period are summed up daily; where the filter is about rows, each report is asked whether it has such.
 */
export function countReportsBy(question: Question, column: 'day' | 'domain_id' | 'reporter_id'): RawBuilder<unknown> {
  const by = sql.ref(column)
  if (isAboutRows(question)) {
    return sql`
      select r.${by}, count(*) as reports, max(r.stored_at) as "lastReportAt"
      from reports r where ${reportsWhere(question)} and r.state = 'counted' group by r.${by}`
  }
  const facts =
    column === 'domain_id' ? factsOf(question, 'domain') : column === 'reporter_id' ? factsOf(question, 'reporter') : factsOf(question)
  return sql`
    select f.${by}, sum(f.reports)::bigint as reports, max(f.last_at) as "lastReportAt"
    from ${facts.table} f where ${facts.where} group by f.${by} having sum(f.reports) > 0`
}

/** A query with one row: `reports, conflicts, domains, reporters, "lastReportAt"` of the question. */
export function countReports(question: Question): RawBuilder<unknown> {
  if (isAboutRows(question)) {
    return sql`
      select
        count(*) filter (where r.state = 'counted') as reports,
        count(*) filter (where r.state = 'conflict') as conflicts,
        count(distinct r.domain_id) filter (where r.state = 'counted') as domains,
        count(distinct r.reporter_id) filter (where r.state = 'counted') as reporters,
        max(r.stored_at) as "lastReportAt"
      from reports r where ${reportsWhere(question)}`
  }
  const facts = factsOf(question)
  const count = (column: 'domain_id' | 'reporter_id') => {
    const { table, where } = column === 'domain_id' ? domainsOf(question) : factsOf(question, 'reporter')
    return sql`(select count(*) from (select from ${table} f where ${where} and f.reports <> 0 group by f.${sql.ref(column)} having sum(f.reports) > 0) told)`
  }
  return sql`
    select
      coalesce(sum(f.reports), 0)::bigint as reports, coalesce(sum(f.conflicts), 0)::bigint as conflicts,
      ${count('domain_id')} as domains, ${count('reporter_id')} as reporters, max(f.last_at) as "lastReportAt"
    from ${facts.table} f where ${facts.where}`
}
