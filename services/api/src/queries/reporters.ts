import type { ReporterItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, toCounts } from './counts.ts'
import { factsOf } from './filter.ts'
import type { Question } from './question.ts'
import { countReportsBy } from './report-counts.ts'

/** The largest public collections know a few hundred reporters; names beyond are most likely made up. */
const maxReporters = 1000

interface Row extends CountRow {
  reporter: string
  email: string | null
  reports: number
  lastReportAt: Date | null
}

/** Reporters whose counted reports fall in the period, largest first, with the address in their newest report. */
export async function listReporters(db: Db, question: Question): Promise<ReporterItem[]> {
  const facts = factsOf(question, 'reporter')
  const { rows } = await sql<Row>`
    with
      facts as (
        select f.reporter_id, ${countColumns} from ${facts.table} f where ${facts.where} group by f.reporter_id
      ),
      told as (
        ${countReportsBy(question, 'reporter_id')}
      )
    select
      n.name as reporter,
      (select r.email from reports r where r.reporter_id = n.id order by r.day desc, r.id desc limit 1) as email,
      reports,
      coalesce(messages, 0) as messages, coalesce("dmarcPass", 0) as "dmarcPass",
      coalesce("dkimAligned", 0) as "dkimAligned", coalesce("spfAligned", 0) as "spfAligned",
      "lastReportAt"
    from told join reporters n on n.id = told.reporter_id left join facts on facts.reporter_id = n.id
    order by coalesce(messages, 0) desc, n.name
    limit ${maxReporters}`.execute(db)
  return rows.map((row) => ({
    reporter: row.reporter,
    email: row.email,
    reports: row.reports,
    ...toCounts(row),
    lastReportAt: row.lastReportAt?.toISOString() ?? null,
  }))
}
