import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'
import type { Question } from './question.ts'

type Condition = RawBuilder<unknown>

/** What a question sums up by, besides what it filters by. */
export type Dimension = 'domain' | 'reporter' | 'sender'

type Facts =
  | 'daily_totals'
  | 'daily_domains'
  | 'daily_reporters'
  | 'daily_sources'
  | 'daily_senders'
  | 'daily_senders_all'
  | 'daily_senders_summed'
  | 'daily_identities'
  | 'counted_records'

/** Rows with messages to be summed: a table in brackets or by name, to be called `f`, and conditions on it. */
export interface FactRows {
  table: Condition
  where: Condition
}

/** Where a question's messages are summed: the smallest table that knows all it filters by, and all that it sums up by. */
export function factsOf(question: Question, ...by: Dimension[]): FactRows {
  const facts = factsTable(question, by)
  const where = sumsWhere(question, facts)
  if (facts !== 'counted_records' || !by.includes('sender')) return { table: sql.table(facts), where }
  return { table: sql`(select r.*, w.sender_id from counted_records r join ways w on w.id = r.way_id)`, where }
}

function factsTable(question: Question, by: readonly Dimension[]): Facts {
  const needs = (dimension: Dimension) => question[dimension] !== undefined || by.includes(dimension)
  if (question.source !== undefined || question.headerFrom !== undefined) {
    return question.headerFrom === undefined && !(['domain', 'reporter', 'sender'] as const).some(needs)
      ? 'daily_sources'
      : 'counted_records'
  }
  if (needs('sender') && needs('reporter')) return needs('domain') ? 'daily_senders' : 'daily_senders_all'
  if (needs('sender')) return needs('domain') ? 'daily_identities' : 'daily_senders_summed'
  if (!needs('domain')) return 'daily_reporters'
  return needs('reporter') ? 'daily_totals' : 'daily_domains'
}

/** The records that count and fit, as `counted_records f`. */
export const countedWhere = (question: Question): Condition => sumsWhere(question, 'counted_records')

/** Conditions on `w`, a row of ways: what the filter says about source, Author Domain and sender; null: nothing. */
export function waysWhere({ source, sender, headerFrom }: Question): Condition | null {
  const conditions = [
    ...(source === undefined ? [] : [sql`w.source_ip = ${source}::inet`]),
    ...(sender === undefined ? [] : [sql`w.sender_id = ${sender}`]),
    ...(headerFrom === undefined ? [] : [sql`w.author_domain_id = ${authorDomainId(headerFrom)}`]),
  ]
  return conditions.length === 0 ? null : all(conditions)
}

/** The question without what `waysWhere` says. */
export const withoutWays = ({ source: _source, sender: _sender, headerFrom: _author, ways: _ways, ...question }: Question): Question =>
  question

export function sumsWhere(question: Question, facts: Facts): Condition {
  // The records of known ways are few: no plan is to look at all of the domain as well.
  const domain = question.ways === undefined ? sql`f.domain_id` : sql`f.domain_id + 0`
  return all([
    sql`f.day >= ${question.period.from}::date and f.day < ${question.period.to}::date`,
    ...(question.domain === undefined ? [] : [sql`${domain} = ${domainId(question.domain)}`]),
    ...(question.reporter === undefined ? [] : [sql`f.reporter_id = ${reporterId(question.reporter)}`]),
    ...rowConditions(question, facts),
  ])
}

/** Conditions on `f`, a record of one report: what the filter says about rows. */
export function recordsWhere(question: Question): Condition {
  return all([sql`true`, ...rowConditions(question, 'counted_records')])
}

/** Whether the filter says anything about rows: then reports have to be looked at for them. */
export const isAboutRows = (question: Question): boolean => rowConditions(question, 'counted_records').length > 0

/**
 * Conditions on `r`, a report of the period. What the filter says about rows is asked of the daily sums: a report fits when
 * its reporter told of such messages for that domain and day.
 */
export function reportsWhere(question: Question): Condition {
  const facts = factsTable(question, ['domain', 'reporter'])
  const rows = rowConditions(question, facts)
  const { from, to } = question.period
  return all([
    sql`r.day >= ${from}::date and r.day < ${to}::date`,
    reportsAnyDay(question),
    ...(rows.length === 0
      ? []
      : [
          sql`exists (
            select 1 from ${sql.table(facts)} f
            where f.domain_id = r.domain_id and f.day = r.day and f.reporter_id = r.reporter_id
              and f.day >= ${from}::date and f.day < ${to}::date and ${all(rows)})`, // names the partitions
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
  if (facts === 'counted_records') return [...wayConditions(question), ...verdictConditions(question)]
  const { source, sender, headerFrom } = question
  return [
    ...(source === undefined ? [] : [sql`f.source_ip = ${source}::inet`]),
    ...(sender === undefined ? [] : [sql`f.sender_id = ${sender}`]),
    ...(headerFrom === undefined ? [] : [sql`f.author_domain_id = ${authorDomainId(headerFrom)}`]),
    ...verdictConditions(question),
  ]
}

function verdictConditions({ disposition, dmarc, dkim, spf }: Question): Condition[] {
  return [
    ...(disposition === undefined ? [] : [sql`f.disposition = ${disposition}::disposition`]),
    ...(dmarc === undefined ? [] : [dmarc === 'pass' ? dmarcPass : dmarcFail]),
    ...(dkim === undefined ? [] : [sql`f.dkim = ${dkim}::verdict`]),
    ...(spf === undefined ? [] : [sql`f.spf = ${spf}::verdict`]),
  ]
}

export const verdictsWhere = (question: Question): Condition => all([sql`true`, ...verdictConditions(question)])

/** A record names the way in which its messages came; source, Author Domain and sender are those of the way. */
function wayConditions(question: Question): Condition[] {
  if (question.ways !== undefined) return [sql`f.way_id = any(${question.ways}::bigint[])`]
  const ways = waysWhere(question)
  if (ways === null) return []
  // As an array: a source has few ways, whatever the planner thinks, and the records of its domain may be many.
  return question.source === undefined
    ? [sql`f.way_id in (select w.id from ways w where ${ways})`]
    : [sql`f.way_id = any(array(select w.id from ways w where ${ways}))`]
}

/** What the receiver counted as passing: at least one mechanism aligned. Everything else fails. */
export const dmarcPass: Condition = sql`(f.dkim = 'pass' or f.spf = 'pass')`
export const dmarcFail: Condition = sql`(f.dkim <> 'pass' and f.spf <> 'pass')`

export const domainId = (name: string): Condition => sql`(select id from domains where name = ${name})`
export const authorDomainId = (name: string): Condition => sql`(select id from author_domains where name = ${name})`
const reporterId = (name: string): Condition => sql`(select id from reporters where name = ${name})`

function all(conditions: readonly Condition[]): Condition {
  return sql.join(conditions, sql` and `)
}
