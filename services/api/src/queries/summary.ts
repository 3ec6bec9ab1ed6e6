import type { Summary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { factsOf, reportsAnyDay } from './filter.ts'
import { dayAfter, type Question } from './question.ts'
import { countReports } from './report-counts.ts'
import { countSources } from './sums-by-source.ts'

interface Row extends CountRow, DispositionRow {
  sources: number
  reports: number
  conflicts: number
  domains: number
  reporters: number
  lastReportAt: Date | null
  firstDay: string | null
  lastDay: string | null
}

/** The sums of a period. Reports without records count as reports, so that domains and reporters are those of reports. */
export async function summarise(db: Db, question: Question): Promise<Summary> {
  const facts = factsOf(question)
  const { rows } = await sql<Row>`
    with
      facts as (
        select ${countColumns}, ${dispositionColumns} from ${facts.table} f where ${facts.where}
      ),
      seen as (
        ${countSources(question)}
      ),
      told as (
        ${countReports(question)}
      )
    select
      facts.*, seen.*, told.*,
      (select min(r.day) from reports r where ${reportsAnyDay(question)}) as "firstDay",
      (select max(r.day) from reports r where ${reportsAnyDay(question)}) as "lastDay"
    from facts, seen, told`.execute(db)
  const row = rows[0] as Row
  return {
    ...question.period,
    ...toCounts(row),
    dispositions: toDispositions(row),
    reports: row.reports,
    conflicts: row.conflicts,
    sources: row.sources,
    domains: row.domains,
    reporters: row.reporters,
    lastReportAt: row.lastReportAt?.toISOString() ?? null,
    dataFrom: row.firstDay,
    dataTo: row.lastDay === null ? null : dayAfter(row.lastDay),
  }
}
