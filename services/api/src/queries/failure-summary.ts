import type { FailureSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import type { FailureQuestion } from './failures.ts'
import { samplesWhere } from './filter.ts'
import { assertAtMostDays } from './question.ts'

const maxDays = 800
/** The standard knows six; the rest is what senders made up. */
const mostWords = 20

interface Row {
  day: string
  authFailure: string | null
  reports: number
  incidents: number
}

/** Incidents per day and kind of failure, days without any too. Throws 400 `bad_period` beyond 800 days. */
export async function summariseFailures(db: Db, question: FailureQuestion): Promise<FailureSummary> {
  const { from, to } = question.period
  assertAtMostDays(question.period, maxDays)
  const { rows } = await sql<Row>`
    select (r.arrived_at at time zone 'UTC')::date as day, r.auth_failure as "authFailure", count(*) as reports, sum(r.incidents)::bigint as incidents
    from failure_reports r where ${samplesWhere(question)}
    group by 1, 2 order by 1, incidents desc, 2`.execute(db)
  const byWord = new Map<string | null, number>()
  const byDay = new Map<string, Row[]>()
  for (const row of rows) {
    byWord.set(row.authFailure, (byWord.get(row.authFailure) ?? 0) + row.incidents)
    const day = byDay.get(row.day)
    if (day) day.push(row)
    else byDay.set(row.day, [row])
  }
  const authFailures = [...byWord].map(([authFailure, incidents]) => ({ authFailure, incidents }))
  authFailures.sort((a, b) => b.incidents - a.incidents)
  authFailures.splice(mostWords)
  const shown = new Set(authFailures.map((it) => it.authFailure))
  const days = daysOf(from, to).map((day) => {
    const counted = byDay.get(day) ?? []
    const listed = counted.filter((row) => shown.has(row.authFailure))
    return { day, ...sumOf(counted), authFailures: listed.map(({ authFailure, incidents }) => ({ authFailure, incidents })) }
  })
  return { from, to, ...sumOf(rows), authFailures, days }
}

function sumOf(rows: readonly Row[]): { reports: number; incidents: number } {
  const total = { reports: 0, incidents: 0 }
  for (const row of rows) {
    total.reports += row.reports
    total.incidents += row.incidents
  }
  return total
}

function daysOf(from: string, to: string): string[] {
  const days = []
  for (let time = Date.parse(from); time < Date.parse(to); time += 86_400_000) days.push(new Date(time).toISOString().slice(0, 10))
  return days
}
