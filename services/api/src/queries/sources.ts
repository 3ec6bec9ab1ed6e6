import type { SourceItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import type { RawBuilder } from 'kysely'
import { badCursor, cursorOf, Id, page } from '../cursor.ts'
import { type CountRow, countColumns, toCounts } from './counts.ts'
import { type Question, readSource } from './question.ts'
import { findReasons } from './reasons.ts'
import { largestSources } from './sums-by-source.ts'

type Condition = RawBuilder<unknown>

export type SourceSort = 'failing' | 'messages'

/** Sort key of a source: failing messages (0 when sorted by all messages) as `rank`, messages, address. */
const cursor = cursorOf(
  Type.Object({
    sort: Type.Union([Type.Literal('failing'), Type.Literal('messages')]),
    rank: Id,
    messages: Id,
    source: Type.String({ maxLength: 45 }),
  }),
)

const failingMessages = sql`messages - "dmarcPass"`

/** Reasons shown beside a source in a list. */
const reasonsInList = 4

interface Row extends CountRow {
  source: string
  rank: number
  firstDay: string
  lastDay: string
}

/** Sources, those with most failing (or most) messages first. The unknown source `::` is one of them, so that sums agree. */
export async function listSources(
  db: Db,
  question: Question,
  paging: { sort: SourceSort; after: string | undefined; limit: number },
): Promise<{ items: SourceItem[]; next: string | null }> {
  const { sort } = paging
  const after = cursor.read(paging.after)
  if (after !== null && after.sort !== sort) throw badCursor()
  const rankOf = (failing: Condition) => (sort === 'failing' ? failing : sql`0::bigint`)
  const where = (failing: Condition) =>
    after === null
      ? sql`true`
      : sql`((${rankOf(failing)}, messages) < (${after.rank}::bigint, ${after.messages}::bigint)
          or (${rankOf(failing)}, messages) = (${after.rank}::bigint, ${after.messages}::bigint) and source_ip > ${readSource(after.source)}::inet)`
  const { rows } = await sql<Row>`
    with
      sums as (
        select f.source_ip, ${countColumns}, min(f.first_day) as "firstDay", max(f.last_day) as "lastDay"
        from ${largestSources(question, { most: paging.limit + 1, where })} f group by f.source_ip
      )
    select *, host(source_ip) as source
    from (
      select *, ${rankOf(failingMessages)} as rank from sums where ${where(failingMessages)}
      order by rank desc, messages desc, source_ip
      limit ${paging.limit + 1}) shown
    order by rank desc, messages desc, source_ip`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => ({
    sort,
    rank: row.rank,
    messages: row.messages,
    source: row.source,
  }))
  const failing = part.rows.filter((row) => row.messages > row.dmarcPass).map((row) => row.source)
  const reasons = await findReasons(db, question, failing, reasonsInList)
  return {
    items: part.rows.map((row) => ({
      source: row.source,
      ...toCounts(row),
      firstDay: row.firstDay,
      lastDay: row.lastDay,
      reasons: reasons.get(row.source) ?? [],
    })),
    next: part.next,
  }
}
