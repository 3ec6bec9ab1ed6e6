/** UTC days as YYYY-MM-DD strings: the only form in which days travel, so that no local time zone can shift them. */
const DAY_MS = 86_400_000
const PATTERN = /^\d{4}-\d{2}-\d{2}$/

export function isDay(value: string): boolean {
  if (!PATTERN.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

export const utcToday = (now: Date = new Date()): string => now.toISOString().slice(0, 10)

export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)
}

/** Number of days in [from, to). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

export const monthStart = (day: string): string => `${day.slice(0, 7)}-01`

/** The Monday on or before the day (ISO 8601 weeks). */
export function weekStart(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return addDays(day, -((weekday + 6) % 7))
}
