import { formatInteger } from './plural.ts'

/** British English for its day-month order and 24-hour clock; the words are the catalogue's business. */
const LOCALES = { en: 'en-GB', ru: 'ru-RU' } as const
export type FormatLanguage = keyof typeof LOCALES

export interface Formats {
  /** 12345 -> 12,345 */
  integer(value: number): string
  /** For axes and tiles where room is short: 12345 -> 12.3K */
  compact(value: number): string
  /** Share of a whole with one digit; never 100 % unless it is all, never 0 % unless it is none. */
  share(part: number, whole: number): string
  /** YYYY-MM-DD -> 24 Nov 2026 */
  day(day: string): string
  /** YYYY-MM-DD -> 24 Nov */
  shortDay(day: string): string
  /** A moment in UTC, with "UTC" said. */
  time(iso: string): string
  /** 3 hours ago */
  ago(iso: string, now?: number): string
  /** 12.3 kB */
  bytes(value: number): string
}

export function makeFormats(language: FormatLanguage): Formats {
  const locale = LOCALES[language]
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
  const wholePercent = new Intl.NumberFormat(locale, { style: 'percent' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const time = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  })
  const ago = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const atMidnight = (value: string) => new Date(`${value}T00:00:00Z`)
  return {
    integer: (value) => formatInteger(locale, value),
    compact: (value) => (Math.abs(value) < 10_000 ? formatInteger(locale, value) : compact.format(value)),
    share: (part, whole) => {
      if (whole === 0) return '–'
      return part === 0 || part === whole ? wholePercent.format(part / whole) : percent.format(honestShare(part / whole))
    },
    day: (value) => withoutYearWord(day.format(atMidnight(value))),
    shortDay: (value) => shortDay.format(atMidnight(value)),
    time: (iso) => withoutYearWord(time.format(new Date(iso))),
    ago: (iso, now = Date.now()) => relative(ago, (Date.parse(iso) - now) / 1000),
    bytes: (value) => formatBytes(locale, value),
  }
}

/** Russian dates end in an abbreviation of "year", which only takes room in tables. */
const withoutYearWord = (text: string): string => text.replace(/\s?г\.(?=$|,)/u, '')

/** One failing message in a million must not read as "100 %". */
function honestShare(share: number): number {
  if (share > 0.999 && share < 1) return 0.999
  if (share < 0.001 && share > 0) return 0.001
  return share
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function relative(format: Intl.RelativeTimeFormat, seconds: number): string {
  for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  return format.format(Math.trunc(seconds), 'second')
}

function formatBytes(locale: string, value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  let step = 0
  let rest = value
  while (rest >= 1000 && step < units.length - 1) {
    rest /= 1000
    step++
  }
  const unit = units[step] ?? 'byte'
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: rest < 10 ? 1 : 0,
  }).format(rest)
}
