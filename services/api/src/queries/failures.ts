import type { FailureFilter, FailureItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'
import { samplesWhere } from './filter.ts'
import type { Question } from './question.ts'
import { redactionOf } from './redaction.ts'

export type FailureQuestion = Pick<Question, 'domain' | 'reporter' | 'source' | 'period'> & Pick<FailureFilter, 'authFailure'>

const cursor = cursorOf(Type.Object({ arrivedAt: Type.String({ format: 'date-time' }), id: Id }))

/** The columns of a failure report in a list, from `r` with its names. The empty name is that of nobody. */
export const failureColumns = sql`
  r.id::text as id, nullif(d.name, '') as domain, host(r.source_ip) as source, r.arrived_at as "arrivedAt",
  r.arrival_reported as "arrivalReported", r.feedback_type as "feedbackType", r.auth_failure as "authFailure",
  r.delivery_result as "deliveryResult", r.author, r.subject, r.incidents, nullif(n.name, '') as reporter,
  jsonb_array_length(r.warnings) as warnings, r.stored_at as "storedAt", r.rcpt_to as "rcptTo"`

export interface FailureRow extends Omit<FailureItem, 'arrivedAt' | 'storedAt'> {
  arrivedAt: Date
  storedAt: Date
  rcptTo: string[]
}

/** Failure reports of the period, newest message first; recipients that stand in author or subject are redacted unless `seesAddresses`. */
export async function listFailures(
  db: Db,
  question: FailureQuestion,
  paging: { after: string | undefined; limit: number },
  { seesAddresses }: { seesAddresses: boolean },
): Promise<{ items: FailureItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<FailureRow & { recipients: string[] }>`
    select ${failureColumns},
      jsonb_path_query_array(r.headers, '$[*] ? (@.name like_regex "^(to|cc)$" flag "i").value') as recipients
    from failure_reports r join domains d on d.id = r.domain_id join reporters n on n.id = r.reporter_id
    where ${samplesWhere(question)}
      and ${after === null ? sql`true` : sql`(r.arrived_at, r.id) < (${after.arrivedAt}::timestamptz, ${after.id}::bigint)`}
    order by r.arrived_at desc, r.id desc
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => ({ arrivedAt: row.arrivedAt.toISOString(), id: Number(row.id) }))
  return {
    items: part.rows.map((row) => {
      const item = toFailureItem(row)
      if (seesAddresses) return item
      const redaction = redactionOf([...row.rcptTo, ...row.recipients])
      return { ...item, author: redaction.known(item.author), subject: redaction.known(item.subject) }
    }),
    next: part.next,
  }
}

export function toFailureItem(row: FailureRow): FailureItem {
  return {
    id: row.id,
    domain: row.domain,
    source: row.source,
    arrivedAt: row.arrivedAt.toISOString(),
    arrivalReported: row.arrivalReported,
    feedbackType: row.feedbackType,
    authFailure: row.authFailure,
    deliveryResult: row.deliveryResult,
    author: row.author,
    subject: row.subject,
    incidents: row.incidents,
    reporter: row.reporter,
    warnings: row.warnings,
    storedAt: row.storedAt.toISOString(),
  }
}
