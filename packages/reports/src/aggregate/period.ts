import { ReportError } from '../report.ts'
import { childrenOf, type Node, nameOf, textOf } from '../xml/element.ts'
import { readTimeText } from '../time.ts'
import type { HeadContext } from './head.ts'

const DAY = 86_400
// What a date-time of RFC 5322 takes, comments included.
const MAX_TIME_CHARS = 100
// Values from here on are milliseconds: as seconds they would lie after the year 5138.
const MILLISECONDS = 1e11
// 2 January 10000 in milliseconds: past that no calendar of ours can follow.
const END_OF_TIME = 253_402_300_800_000

/**
 * Reads `date_range` into UTC epoch seconds as reported. Throws a ReportError (`no_period`) when begin or end is missing, not a
 * time, before 1970, both zero, or the wrong way round: such a report has no day to stand on.
 */
export function readPeriod(range: Node | null, context: HeadContext): { begin: number; end: number } {
  const { names, log } = context
  let begin = ''
  let end = ''
  for (const node of range === null ? [] : childrenOf(range)) {
    const name = names.coreName(nameOf(node))
    if (name === 'begin') begin ||= textOf(node)
    else if (name === 'end') end ||= textOf(node)
  }
  const period = { begin: readTime(begin, 'begin', context), end: readTime(end, 'end', context) }
  if (period.end === 0) throw noPeriod('The report has no usable period.', 'end')
  if (period.begin > period.end) throw noPeriod('The period of the report ends before it begins.', 'end')
  // Test reports of some generators begin at 0: a day like any other, but hardly a true one.
  if (period.begin === 0) log.add('period_at_epoch', 'date_range/begin', begin)
  // Some gateways report weeks (row 51): such a report can't be spread over days truthfully.
  if (period.end - period.begin > 2 * DAY) log.add('long_period', 'date_range', `${period.begin}-${period.end}`)
  if (context.receivedAt !== null && period.end > context.receivedAt + DAY) log.add('period_in_future', 'date_range/end', end)
  return period
}

function readTime(raw: string, name: string, { values, log }: HeadContext): number {
  let time = values.integer(raw)
  const text = time === null ? readTimeText(raw.slice(0, MAX_TIME_CHARS)) : null
  if (text !== null) {
    time = text.time
    log.add(text.form === 'no_zone' ? 'no_zone' : 'text_time', `date_range/${name}`, raw)
  }
  if (time !== null && time >= MILLISECONDS && time < END_OF_TIME) {
    log.add('time_in_milliseconds', `date_range/${name}`, raw)
    time = Math.trunc(time / 1000)
  }
  if (time === null || Number.isNaN(time) || time < 0 || time >= MILLISECONDS) throw noPeriod('The report has no usable period.', name)
  return time
}

function noPeriod(message: string, name: string): ReportError {
  return new ReportError({ code: 'no_period', message, where: `report_metadata/date_range/${name}` })
}
