import { formats } from '../../i18n/language.ts'

/** The time that a report covers: one day where it is one whole UTC day, else both ends. */
export function ReportSpan({ begin, end }: { begin: string; end: string }) {
  const f = formats()
  const day = begin.slice(0, 10)
  const isWholeDay = begin.slice(11, 19) === '00:00:00' && end.slice(0, 10) === day && end.slice(11, 16) === '23:59'
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
