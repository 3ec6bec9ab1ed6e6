import type { WarningLog } from './aggregate/warning-log.ts'
import { timeOf as mailTimeOf } from './failure/time.ts'

// RFC 3339 with what its section 5.6 leaves to applications, and shortened forms of it.
const isoTime = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?([.,]\d{1,20})?)? ?([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/
const strictTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

// Below that a number is no date of any mail: it may as well be a day written as digits.
const FIRST_EPOCH = 1e8
// From here on it is milliseconds, as in aggregate reports (1.6).
const MILLISECONDS = 1e11
const END_OF_TIME = 253_402_300_800_000

/**
 * UTC epoch seconds of a time in a TLS report, which is RFC 3339; one without a zone is UTC (Microsoft). Epoch numbers and the dates of mails
 * are taken with a warning, for they are clear. Null for what is no time, or could be several.
 */
export function readTime(raw: unknown, path: string, log: WarningLog): number | null {
  const text = typeof raw === 'string' ? raw.trim() : typeof raw === 'number' ? String(raw) : ''
  if (/^\d{9,17}(?:\.\d{1,9})?$/.test(text)) {
    const value = Number(text)
    if (value < FIRST_EPOCH || value >= END_OF_TIME) return null
    log.add(value >= MILLISECONDS ? 'time_in_milliseconds' : 'unusual_time', path, text)
    return Math.trunc(value >= MILLISECONDS ? value / 1000 : value)
  }
  const read = readTimeText(text)
  if (read !== null && read.form !== 'rfc3339') log.add(read.form, path, text)
  return read?.time ?? null
}

/** A time written as text, UTC epoch seconds, and whether it is RFC 3339 or strays from it. Null for what is no time, or could be several. */
export function readTimeText(text: string): { time: number; form: 'rfc3339' | 'no_zone' | 'unusual_time' } | null {
  const iso = isoTime.exec(text)
  const time = iso === null ? monthNameTime(text) : secondsOf(iso)
  if (time === null || time < 0) return null
  if (strictTime.test(text)) return { time, form: 'rfc3339' }
  return { time, form: iso?.[2] !== undefined && iso[5] === undefined ? 'no_zone' : 'unusual_time' }
}

function secondsOf([, day = '', minute = '00:00', second = ':00', , zone = 'Z']: RegExpExecArray): number | null {
  // A leap second, which no clock of ours has.
  const leap = second === ':60' ? 1 : 0
  const hours = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}` : 'Z'
  const time = Date.parse(`${day}T${minute}${leap === 1 ? ':59' : second}${hours}`)
  // Date.parse takes 30 February for a day of March.
  const isDay = !Number.isNaN(Date.parse(day)) && new Date(day).toJSON().startsWith(day)
  return Number.isNaN(time) || !isDay ? null : time / 1000 + leap
}

/** Days and months as numbers alone could be either. */
function monthNameTime(text: string): number | null {
  return /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(text) && /\b\d{4}\b/.test(text) ? mailTimeOf(text) : null
}
