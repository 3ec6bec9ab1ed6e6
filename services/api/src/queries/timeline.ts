import type { DaySums, Timeline } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { factsOf } from './filter.ts'
import { assertAtMostDays, dayAfter, type Question } from './question.ts'
import { countReportsBy } from './report-counts.ts'
import type { Period } from './spans.ts'

/** Two years and the days of a half-open margin: what a chart can show and a page can hold. */
const maxDays = 800

interface DayRow extends CountRow, DispositionRow {
  day: string
}

const nothing = {
  ...{ messages: 0, dmarcPass: 0, dkimAligned: 0, spfAligned: 0 },
  ...{ none: 0, quarantine: 0, reject: 0, pass: 0, unknown: 0 },
}

/** One element for every day of the period, days without mail too. Throws 400 `bad_period` beyond 800 days. */
export async function askTimeline(db: Db, question: Question): Promise<Timeline> {
  const [days, counts] = await Promise.all([sumDays(db, question), countReportsOfDays(db, question)])
  return { ...question.period, days: days.map((sums) => ({ ...sums, reports: counts.get(sums.day) ?? 0 })) }
}

/** The same without reports, which take longer to count where the filter is about rows. */
export async function sumDays(db: Db, question: Question): Promise<DaySums[]> {
  assertCharted(question.period)
  const facts = factsOf(question)
  const { rows } = await sql<DayRow>`
    select f.day, ${countColumns}, ${dispositionColumns} from ${facts.table} f where ${facts.where} group by f.day`.execute(db)
  return toDaySums(question.period, rows)
}

/** Throws 400 `bad_period` for a period that no chart can show. */
export const assertCharted = (period: Period): void => assertAtMostDays(period, maxDays)

/** An element for every day of the period, zeros for those that have no row. */
export function toDaySums({ from, to }: Period, rows: readonly DayRow[]): DaySums[] {
  const byDay = new Map(rows.map((row) => [row.day, row]))
  const days: DaySums[] = []
  for (let day = from; day < to; day = dayAfter(day)) {
    const row = byDay.get(day) ?? nothing
    days.push({ day, ...toCounts(row), dispositions: toDispositions(row) })
  }
  return days
}

async function countReportsOfDays(db: Db, question: Question): Promise<Map<string, number>> {
  const { rows } = await sql<{ day: string; reports: number }>`${countReportsBy(question, 'day')}`.execute(db)
  return new Map(rows.map(({ day, reports }) => [day, reports]))
}
