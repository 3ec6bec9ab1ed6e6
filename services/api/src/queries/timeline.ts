import type { DaySums, Timeline } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { assertAtMostDays, factsOf, type Question } from './filter.ts'
import { countReportsBy } from './report-counts.ts'

/** Two years and the days of a half-open margin: what a chart can show and a page can hold. */
const maxDays = 800

interface Row extends CountRow, DispositionRow {
  day: string
}

/** One element for every day of the period, days without mail too. Throws 400 `bad_period` beyond 800 days. */
export async function askTimeline(db: Db, question: Question): Promise<Timeline> {
  const [days, counts] = await Promise.all([sumDays(db, question), countReportsOfDays(db, question)])
  return { ...question.period, days: days.map((sums) => ({ ...sums, reports: counts.get(sums.day) ?? 0 })) }
}

/** The same without reports, which take longer to count where the filter is about rows. */
export async function sumDays(db: Db, question: Question): Promise<DaySums[]> {
  const { from, to } = question.period
  assertAtMostDays(question.period, maxDays)
  const facts = factsOf(question)
  const { rows } = await sql<Row>`
    with
      days as (
        select day::date from generate_series(${from}::timestamp, ${to}::timestamp - interval '1 day', interval '1 day') day
      ),
      facts as (
        select f.day, ${countColumns}, ${dispositionColumns} from ${facts.table} f where ${facts.where} group by f.day
      )
    select
      days.day,
      coalesce(messages, 0) as messages, coalesce("dmarcPass", 0) as "dmarcPass",
      coalesce("dkimAligned", 0) as "dkimAligned", coalesce("spfAligned", 0) as "spfAligned",
      coalesce(none, 0) as none, coalesce(quarantine, 0) as quarantine, coalesce(reject, 0) as reject,
      coalesce(pass, 0) as pass, coalesce(unknown, 0) as unknown
    from days left join facts on facts.day = days.day
    order by days.day`.execute(db)
  return rows.map((row) => ({ day: row.day, ...toCounts(row), dispositions: toDispositions(row) }))
}

async function countReportsOfDays(db: Db, question: Question): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; reports: number }>`${countReportsBy(question, 'day')}`.execute(db)
  return new Map(rows.map(({ day, reports }) => [day, reports]))
}
