import { isIP } from 'node:net'
import type { Filter } from '@ruadar/contract'
import { ProblemError } from '../problem.ts'
import type { Period } from './spans.ts'

/** A filter that was checked: names as they are stored, the period filled in. */
export interface Question extends Omit<Filter, 'from' | 'to'> {
  period: Period
  /** Ids of the ways that the source, Author Domain and sender asked about have in the domain, once they were looked up. */
  ways?: readonly number[]
}

const dayMs = 86_400_000
const defaultDays = 30

/** The default period is the 30 days that end with today. Throws 400 `bad_period`, `bad_source`. */
export function readFilter(filter: Filter, now: Date): Question {
  const { from, to, ...rest } = filter
  if (rest.source !== undefined) rest.source = readSource(rest.source)
  if (rest.domain !== undefined) rest.domain = storedName(rest.domain)
  if (rest.headerFrom !== undefined) rest.headerFrom = storedName(rest.headerFrom)
  return { ...rest, period: readPeriod(from, to, now) }
}

function readPeriod(from: string | undefined, to: string | undefined, now: Date): Period {
  const end = to === undefined ? dayAfter(toDay(now)) : readDay(to)
  const start = from === undefined ? toDay(new Date(Date.parse(end) - defaultDays * dayMs)) : readDay(from)
  if (start >= end) throw new ProblemError(400, 'bad_period', '`from` must be a day before `to`, which is not part of the period.')
  return { from: start, to: end }
}

/** The schema has seen to it that the day is one of the calendar. */
function readDay(day: string): string {
  if (day < '1970-01-01') throw new ProblemError(400, 'bad_period', 'No day before 1970-01-01 has reports.')
  return day
}

const toDay = (time: Date): string => time.toISOString().slice(0, 10)
export const dayAfter = (day: string): string => toDay(new Date(Date.parse(day) + dayMs))

/** A bound for questions whose answer has an element for each day. Throws 400 `bad_period`. */
export function assertAtMostDays({ from, to }: Period, days: number): void {
  if (Date.parse(to) - Date.parse(from) > days * dayMs) {
    throw new ProblemError(400, 'bad_period', `The period must not be longer than ${days} days here.`)
  }
}

/** An address as PostgreSQL's inet takes it. */
export function readSource(text: string): string {
  if (isIP(text) === 0 || text.includes('%')) throw new ProblemError(400, 'bad_source', '`source` must be an IPv4 or IPv6 address.')
  return text
}

/** Domains are stored in lower case, without the dot of the root. */
const storedName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** Which of domain, reporter, sender, source and Author Domain the question is about; what it says of verdicts besides. */
export const narrowedBy = (question: Question) =>
  (['domain', 'reporter', 'sender', 'source', 'headerFrom'] as const).filter((name) => question[name] !== undefined)

/** Nothing narrows the question but its period. */
export const isAboutAll = ({ period: _period, ...narrowing }: Question): boolean =>
  Object.values(narrowing).every((value) => value === undefined)
