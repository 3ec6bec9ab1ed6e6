import type { SenderItem, SenderQuery } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { diagnosisText } from '@ruadar/senders/words'
import type { RawBuilder } from 'kysely'
import { Type } from 'typebox'
import { badCursor, cursorOf, Id, page } from '../cursor.ts'
import { askMore, type More } from './beside-senders.ts'
import { type CountRow, countColumns } from './counts.ts'
import { factsOf } from './filter.ts'
import type { Question } from './question.ts'

type Sort = NonNullable<SenderQuery['sort']>

const cursor = cursorOf(
  Type.Object({
    sort: Type.Union([Type.Literal('failing'), Type.Literal('messages'), Type.Literal('newest')]),
    rank: Id,
    messages: Id,
    id: Id,
  }),
)

interface Row extends CountRow, Pick<SenderItem, 'id' | 'name' | 'kind' | 'state' | 'decided' | 'task'> {
  rank: number
  firstDay: string | null
  lastDay: string | null
  firstInPeriod: string
  lastInPeriod: string
  diagnosis: string | null
  facts: { facts?: object } | null
}

/** Which state stands for a sender, and whether somebody decided so: what `standing_of` (migration 0014) has put into one number. */
const stateOf = (number: RawBuilder<unknown>) =>
  sql`(array['unknown', 'own', 'approved', 'forwarder', 'unknown', 'rejected']::sender_state[])[(${number} >> 33) + 1]`
const isDecided = (number: RawBuilder<unknown>) => sql`${number} % 2 = 1`

/** Conditions on `sd`, what a sender is to a domain of the question. */
export const standingsWhere = ({ domain }: Pick<Question, 'domain'>): RawBuilder<unknown> =>
  domain === undefined ? sql`true` : sql`sd.domain_id = (select id from domains where name = ${domain})`

/** Senders with mail in the period; their sums equal those of the summary as soon as new reports are identified, within seconds. */
export async function listSenders(
  db: Db,
  question: Question,
  { sort = 'messages', state, kind, undecided, task }: { [Name in keyof SenderQuery]?: SenderQuery[Name] | undefined },
  paging: { after: string | undefined; limit: number },
): Promise<{ items: SenderItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  if (after !== null && after.sort !== sort) throw badCursor()
  const { table, where } = factsOf(question, 'sender')
  const standsFor = sql`sd.sender_id = sums.id and ${standingsWhere(question)}`
  const seen = sql`select min(sd.first_day) as "firstDay", max(sd.last_day) as "lastDay" from sender_domains sd where ${standsFor}`
  const isAfter =
    after === null
      ? sql`true`
      : sql`((rank, messages) < (${after.rank}::bigint, ${after.messages}::bigint)
          or (rank, messages) = (${after.rank}::bigint, ${after.messages}::bigint) and id > ${after.id}::bigint)`
  const inOrder = sql`order by rank desc, messages desc, id limit ${paging.limit + 1}`
  // What senders are to domains is looked at for those of the page alone, unless it says which are on it; since when in any case.
  const early = sort !== 'newest' && [state, kind, undecided, task].every((value) => value === undefined)
  const sums = sql`
    select f.sender_id as id, ${countColumns}, min(f.day) as "firstInPeriod", max(f.day) as "lastInPeriod"
    from ${table} f where ${where} group by f.sender_id having total(f.messages) <> 0`
  const { rows } = await sql<Row>`
    with
      sums as (${early ? sql`select * from (select *, ${rankOf(sort)} as rank from (${sums}) sums) ranked where ${isAfter} ${inOrder}` : sums}),
      standing as (
        select sums.id, messages, "dmarcPass", "dkimAligned", "spfAligned", "firstInPeriod", "lastInPeriod", s.name, s.kind,
          coalesce(${stateOf(sql`st.standing`)}, 'unknown') as state, coalesce(${isDecided(sql`st.standing`)}, false) as decided,
          failing.diagnosis, failing.facts, failing.task, ${early ? sql`sums.rank` : rankOf(sort)} as rank
        from sums
          join senders s on s.id = sums.id
          left join lateral (
            select min(standing_of(sd.state, sd.decided, sd.domain_id)) as standing from sender_domains sd where ${standsFor}
          ) st on true
          left join lateral (
            select sd.diagnosis, sd.diagnosis_facts as facts, sd.task from sender_domains sd where ${standsFor} order by ${taskOrder} limit 1
          ) failing on true
          left join lateral (${sort === 'newest' ? seen : sql`select`}) seen on true
      ),
      shown as (
        select * from standing sums
        where ${state === undefined ? sql`true` : sql`state = ${state}::sender_state`}
          and ${kind === undefined ? sql`true` : sql`kind = ${kind}`}
          and ${undecided === undefined ? sql`true` : sql`decided = ${!undecided}`}
          and ${task === undefined ? sql`true` : sql`task = ${task}`}
          and ${isAfter}
        ${inOrder}
      )
    select sums.*, seen."firstDay", seen."lastDay" from shown sums left join lateral (${seen}) seen on true ${inOrder}`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ rank, messages, id }) => ({ sort, rank, messages, id }))
  const more = await askMore(
    db,
    question,
    part.rows.map(({ id }) => id),
  )
  return { items: part.rows.map((row) => toItem(row, more)), next: part.next }
}

const taskOrder = sql`(sd.task = 'open') desc nulls last, (sd.diagnosis is null), sd.domain_id`

function rankOf(sort: Sort): RawBuilder<unknown> {
  if (sort === 'failing') return sql`messages - "dmarcPass"`
  return sort === 'newest' ? sql`(coalesce(seen."firstDay", "firstInPeriod") - date '1970-01-01')::bigint` : sql`0::bigint`
}

function toItem(row: Row, { sources, domains, trends }: More): SenderItem {
  const { id, name, kind, state, decided, messages, dmarcPass, task, diagnosis, facts } = row
  return {
    id,
    name,
    kind,
    state,
    decided,
    messages,
    dmarcPass,
    dmarcFail: messages - dmarcPass,
    sources: sources.get(id) ?? 0,
    domains: domains.get(id) ?? [],
    firstSeen: row.firstDay ?? row.firstInPeriod,
    lastSeen: row.lastDay ?? row.lastInPeriod,
    trend: trends.get(id) ?? [],
    diagnosis: diagnosis === null ? null : { code: diagnosis, text: diagnosisText('en', diagnosis, facts?.facts ?? {}) },
    task,
  }
}
