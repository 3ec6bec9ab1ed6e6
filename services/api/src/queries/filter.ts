import { isIP } from 'node:net'
import type { Filter } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import { ProblemError } from '../problem.ts'

/** UTC days, half open. */
export interface Period {
  from: string
  to: string
}

/** A filter that was checked: names as they are stored, the period filled in. */
export interface Question extends Omit<Filter, 'from' | 'to'> {
  period: Period
}

type Condition = RawBuilder<unknown>

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

/** Where a question's messages are summed: the smaller table, unless it asks for what only the larger one knows. */
export function factsOf(question: Question): { table: RawBuilder<unknown>; where: Condition } {
  const facts = factsTable(question)
  return { table: sql.table(facts), where: sumsWhere(question, facts) }
}

type Facts = 'daily_totals' | 'daily_senders' | 'daily_sources' | 'records'

function factsTable(question: Question): Facts {
  if (needsSources(question)) return 'daily_sources'
  return question.sender === undefined ? 'daily_totals' : 'daily_senders'
}

/** Sums by sender, for questions about each of them: a table in brackets, with its rows as `f`. */
export function sendersOf(question: Question): { table: RawBuilder<unknown>; where: Condition } {
  if (!needsSources(question)) return { table: sql`daily_senders`, where: sumsWhere(question, 'daily_senders') }
  const table = sql`(select f.*, w.sender_id from daily_sources f join ways w on ${wayOfFact})`
  return { table, where: sumsWhere(question, 'daily_senders') }
}

/** Joins `w`, a row of ways, to `f`, one of daily_sources. */
export const wayOfFact: Condition = sql`(
  w.source_ip = f.source_ip and w.author_domain_id = f.author_domain_id and w.auth_set_id = f.auth_set_id)`

const needsSources = (question: Question): boolean => question.source !== undefined || question.headerFrom !== undefined

/** Conditions on `f`, a row of daily_sources. */
export const factsWhere = (question: Question): Condition => sumsWhere(question, 'daily_sources')

function sumsWhere(question: Question, facts: Facts): Condition {
  return all([
    sql`f.day >= ${question.period.from}::date and f.day < ${question.period.to}::date`,
    ...(question.domain === undefined ? [] : [sql`f.domain_id = ${domainId(question.domain)}`]),
    ...(question.reporter === undefined ? [] : [sql`f.reporter_id = ${reporterId(question.reporter)}`]),
    ...rowConditions(question, facts),
  ])
}

/** Conditions on `f`, a record of one report: what the filter says about rows. */
export function recordsWhere(question: Question): Condition {
  return all([sql`true`, ...rowConditions(question, 'records')])
}

/**
 * Conditions on `r`, a report of the period. What the filter says about rows is asked of the daily sums: a report fits when
 * its reporter told of such messages for that domain and day.
 */
export function reportsWhere(question: Question): Condition {
  const facts = factsTable(question)
  const rows = rowConditions(question, facts)
  return all([
    sql`r.day >= ${question.period.from}::date and r.day < ${question.period.to}::date`,
    reportsAnyDay(question),
    ...(rows.length === 0
      ? []
      : [
          sql`exists (
            select 1 from ${sql.table(facts)} f
            where f.domain_id = r.domain_id and f.day = r.day and f.reporter_id = r.reporter_id and ${all(rows)})`,
        ]),
  ])
}

/** The conditions on `r` that hold inside and outside the period: domain and reporter. */
export function reportsAnyDay(question: Pick<Question, 'domain' | 'reporter'>): Condition {
  return all([
    sql`true`,
    ...(question.domain === undefined ? [] : [sql`r.domain_id = ${domainId(question.domain)}`]),
    ...(question.reporter === undefined ? [] : [sql`r.reporter_id = ${reporterId(question.reporter)}`]),
  ])
}

/** Conditions on `r`, a failure report: of a message that came on a day of the period. */
export function samplesWhere(
  question: Pick<Question, 'domain' | 'reporter' | 'source' | 'period'> & { authFailure?: string | undefined },
): Condition {
  const { period, source, authFailure } = question
  return all([
    sql`r.arrived_at >= ${period.from}::date and r.arrived_at < ${period.to}::date`,
    reportsAnyDay(question),
    ...(source === undefined ? [] : [sql`r.source_ip = ${source}::inet`]),
    ...(authFailure === undefined ? [] : [sql`r.auth_failure = ${authFailure}`]),
  ])
}

/** Conditions on `p`, a row of TLS sums or a policy of a TLS report, with the domain in it; `reporter` says where its reporter stands. */
export function tlsWhere(question: Pick<Question, 'domain' | 'reporter' | 'period'>, reporter: Condition = sql`p.reporter_id`): Condition {
  return all([
    sql`p.day >= ${question.period.from}::date and p.day < ${question.period.to}::date`,
    ...(question.domain === undefined ? [] : [sql`p.domain_id = ${domainId(question.domain)}`]),
    ...(question.reporter === undefined ? [] : [sql`${reporter} = ${reporterId(question.reporter)}`]),
  ])
}

function rowConditions(question: Question, facts: Facts): Condition[] {
  const { source, sender, headerFrom, disposition, dmarc, dkim, spf } = question
  return [
    ...(sender === undefined ? [] : [ofSender(sender, facts)]),
    ...(source === undefined ? [] : [sql`f.source_ip = ${source}::inet`]),
    ...(headerFrom === undefined ? [] : [sql`f.author_domain_id = (select id from author_domains where name = ${headerFrom})`]),
    ...(disposition === undefined ? [] : [sql`f.disposition = ${disposition}::disposition`]),
    ...(dmarc === undefined ? [] : [dmarc === 'pass' ? dmarcPass : dmarcFail]),
    ...(dkim === undefined ? [] : [sql`f.dkim = ${dkim}::verdict`]),
    ...(spf === undefined ? [] : [sql`f.spf = ${spf}::verdict`]),
  ]
}

/** Only sums by sender name it; elsewhere it is found by the way in which the message came. */
function ofSender(sender: number, facts: Facts): Condition {
  if (facts === 'daily_senders') return sql`f.sender_id = ${sender}`
  const address = facts === 'records' ? sql`coalesce(f.source_ip, '::')` : sql`f.source_ip`
  return sql`exists (
    select 1 from ways w
    where w.source_ip = ${address} and w.author_domain_id = f.author_domain_id and w.auth_set_id = f.auth_set_id and w.sender_id = ${sender})`
}

/** What the receiver counted as passing: at least one mechanism aligned. Everything else fails. */
export const dmarcPass: Condition = sql`(f.dkim = 'pass' or f.spf = 'pass')`
export const dmarcFail: Condition = sql`(f.dkim <> 'pass' and f.spf <> 'pass')`

const domainId = (name: string): Condition => sql`(select id from domains where name = ${name})`
const reporterId = (name: string): Condition => sql`(select id from reporters where name = ${name})`

function all(conditions: readonly Condition[]): Condition {
  return sql.join(conditions, sql` and `)
}
