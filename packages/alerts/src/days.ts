import type { Day, DaySum } from './history.ts'

const dayMs = 86_400_000

export const addDays = (day: Day, days: number): Day => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)
export const daysBetween = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / dayMs)

/** Monday of the day's week (ISO 8601). */
export function weekOf(day: Day): Day {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Sums of the days in [from, to). */
export function sumOf(days: readonly DaySum[], from: Day, to: Day): { messages: number; pass: number; days: number } {
  const sum = { messages: 0, pass: 0, days: 0 }
  for (const { day, messages, pass } of days) {
    if (day < from || day >= to) continue
    sum.messages += messages
    sum.pass += pass
    sum.days += 1
  }
  return sum
}
