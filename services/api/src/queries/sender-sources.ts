import type { SenderSource } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'
import { type CountRow, countColumns, toCounts } from './counts.ts'
import { type Question, readSource } from './question.ts'
import { sourcesOf } from './sums-by-source.ts'

const cursor = cursorOf(Type.Object({ messages: Id, source: Type.String({ maxLength: 45 }) }))

interface Row extends CountRow, Pick<SenderSource, 'source' | 'firstDay' | 'lastDay'> {
  host: (Omit<NonNullable<SenderSource['host']>, 'lookedUpAt'> & { lookedUpAt: string | null }) | null
}

/** Addresses of a sender, those with most messages first, and what look-ups say of them. */
export async function listSenderSources(
  db: Db,
  question: Question & { sender: number },
  paging: { after: string | undefined; limit: number },
): Promise<{ items: SenderSource[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<Row>`
    with
      sums as (
        select f.source_ip, ${countColumns}, min(f.first_day) as "firstDay", max(f.last_day) as "lastDay"
        from ${sourcesOf(question)} f group by f.source_ip
      )
    select host(s.source_ip) as source, s.messages, s."dmarcPass", s."dkimAligned", s."spfAligned", s."firstDay", s."lastDay",
      case when h.source_ip is null then null else jsonb_build_object('ptr', h.ptr, 'confirmed', h.confirmed, 'asn', h.asn,
        'network', h.network, 'country', h.country, 'lookedUpAt', h.looked_up_at, 'problem', h.problem, 'origins', h.origins) end as host
    from (
      select * from sums
      where ${
        after === null
          ? sql`true`
          : sql`messages < ${after.messages}::bigint or messages = ${after.messages}::bigint and source_ip > ${readSource(after.source)}::inet`
      }
      order by messages desc, source_ip limit ${paging.limit + 1}) s
      left join source_hosts h on h.source_ip = s.source_ip
    order by s.messages desc, s.source_ip`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ messages, source }) => ({ messages, source }))
  return {
    items: part.rows.map(({ source, firstDay, lastDay, host, ...counts }) => ({
      source,
      ...toCounts(counts),
      firstDay,
      lastDay,
      host: host && { ...host, lookedUpAt: host.lookedUpAt && new Date(host.lookedUpAt).toISOString() },
    })),
    next: part.next,
  }
}
