import { addDays, weekStart } from '../state/days.ts'

/** What passed and failed on one UTC day: messages, or sessions. */
export interface DayCount {
  day: string
  pass: number
  fail: number
}

/** The same of one or more whole UTC days, [from, to). */
export interface Bucket {
  from: string
  to: string
  pass: number
  fail: number
}

/** More bars than this can't be told apart on a phone. */
const MOST_BARS = 93

/** One bucket a day, or one a week (from Monday) where days would be too many. Everything counted is in exactly one bucket. */
export function bucketDays(days: readonly DayCount[], mostBars: number = MOST_BARS): Bucket[] {
  const byWeek = days.length > mostBars
  const buckets: Bucket[] = []
  for (const { day, pass, fail } of days) {
    const last = buckets.at(-1)
    if (byWeek && last && weekStart(last.from) === weekStart(day)) {
      last.to = addDays(day, 1)
      last.pass += pass
      last.fail += fail
    } else buckets.push({ from: day, to: addDays(day, 1), pass, fail })
  }
  return buckets
}
