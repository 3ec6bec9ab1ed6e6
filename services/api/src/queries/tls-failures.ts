import type { TlsFailureItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'
import { tlsWhere } from './filter.ts'
import type { TlsQuestion } from './tls-domains.ts'

const cursor = cursorOf(
  Type.Object({ sessions: Id, resultType: Type.String({ maxLength: 100 }), receivingMx: Type.String({ maxLength: 255 }) }),
)

/** Names and addresses beside one kind of failure: enough to know whom to ask. */
const mostNames = 20
const mostAddresses = 10

type Row = Omit<TlsFailureItem, 'receivingMx' | 'sendingMtas'> & { receivingMx: string }

/** Failed sessions by result type and receiving MX, most first. The sending servers come from the rows of counted reports. */
export async function listTlsFailures(
  db: Db,
  question: TlsQuestion,
  paging: { after: string | undefined; limit: number },
): Promise<{ items: TlsFailureItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<Row>`
    with
      sums as (
        select p.result_type as "resultType", p.receiving_mx_hostname as "receivingMx", sum(p.sessions)::bigint as sessions,
          (array_agg(distinct n.name order by n.name))[:${mostNames}::int] as reporters,
          (array_agg(distinct d.name order by d.name))[:${mostNames}::int] as domains,
          min(p.day) as "firstDay", max(p.day) as "lastDay"
        from daily_tls_failures p join reporters n on n.id = p.reporter_id join domains d on d.id = p.domain_id
        where ${tlsWhere(question)}
        group by p.result_type, p.receiving_mx_hostname
      )
    select * from sums
    where ${
      after === null
        ? sql`true`
        : sql`sessions < ${after.sessions}::bigint or sessions = ${after.sessions}::bigint
          and ("resultType", "receivingMx") > (${after.resultType}, ${after.receivingMx})`
    }
    order by sessions desc, "resultType", "receivingMx"
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ sessions, resultType, receivingMx }) => ({ sessions, resultType, receivingMx }))
  const senders = await findSenders(db, question, part.rows)
  const items = part.rows.map((row) => ({ ...row, receivingMx: row.receivingMx || null, sendingMtas: senders.get(keyOf(row)) ?? [] }))
  return { items, next: part.next }
}

const keyOf = ({ resultType, receivingMx }: { resultType: string; receivingMx: string }): string =>
  JSON.stringify([resultType, receivingMx])

async function findSenders(db: Db, question: TlsQuestion, failures: readonly Row[]): Promise<Map<string, TlsFailureItem['sendingMtas']>> {
  const senders = new Map<string, TlsFailureItem['sendingMtas']>()
  if (failures.length === 0) return senders
  const { rows } = await sql<{ resultType: string; receivingMx: string; ip: string; sessions: number }>`
    select "resultType", "receivingMx", host(ip) as ip, sessions
    from (
      select f.result_type as "resultType", coalesce(f.receiving_mx_hostname, '') as "receivingMx", f.sending_mta_ip as ip,
        sum(f.sessions)::bigint as sessions,
        row_number() over (partition by f.result_type, coalesce(f.receiving_mx_hostname, '') order by sum(f.sessions) desc, f.sending_mta_ip) as place
      from tls_reports r
        join tls_policies p on p.report_id = r.id
        join tls_failures f on f.report_id = p.report_id and f.policy_place = p.place
      where r.state = 'counted' and r.day >= ${question.period.from}::date and r.day < ${question.period.to}::date
        and ${tlsWhere(question, sql`r.reporter_id`)} and f.sending_mta_ip is not null
        and (f.result_type, coalesce(f.receiving_mx_hostname, '')) in (
          select * from unnest(${failures.map((it) => it.resultType)}::text[], ${failures.map((it) => it.receivingMx)}::text[]))
      group by 1, 2, 3
    ) ranked
    where place <= ${mostAddresses}
    order by place`.execute(db)
  for (const row of rows) {
    const key = keyOf(row)
    const list = senders.get(key) ?? []
    senders.set(key, list)
    list.push({ ip: row.ip, sessions: row.sessions })
  }
  return senders
}
