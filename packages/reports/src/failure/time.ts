// What a date-time of RFC 5322 takes, comments included.
const MAX_CHARS = 100

/** UTC epoch seconds of a date as mails have it, or ISO 8601; one without a zone is UTC. Null when it is none. */
export function timeOf(text: string): number | null {
  const plain = text
    .slice(0, MAX_CHARS)
    .replaceAll(/\([^()]*\)/g, ' ')
    .trim()
  // Date.parse takes "about 5" for a day of 2001.
  if (!/\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d{4}-\d\d-\d\d|\d\/\d/i.test(plain)) return null
  const zoned = /(?:[+-]\d{2}:?\d{2}|(?<![a-z])[a-z]{1,4})$/i.test(plain)
  const time = Date.parse(zoned ? plain : /^\d{4}-\d\d-\d\dT/.test(plain) ? `${plain}Z` : `${plain} UTC`)
  return Number.isNaN(time) || time < 0 ? null : Math.trunc(time / 1000)
}
