import { formats } from '../i18n/language.ts'

const DAY_MS = 86_400_000

/** The time that a report covers: one day where it is one whole UTC day, else both ends. */
export function ReportSpan({ begin, end }: { begin: string; end: string }) {
  const f = formats()
  const day = begin.slice(0, 10)
  const length = Date.parse(end) - Date.parse(begin)
  // Some reporters end the day at 23:59:59, others at the next midnight.
  const isWholeDay = begin.slice(11, 19) === '00:00:00' && (length === DAY_MS || length === DAY_MS - 1000)
  if (isWholeDay)
    return (
      <time dateTime={day} class="nowrap">
        {f.day(day)}
      </time>
    )
  return (
    <span class="span">
      <time dateTime={begin}>{f.time(begin)}</time> – <time dateTime={end}>{f.time(end)}</time>
    </span>
  )
}
