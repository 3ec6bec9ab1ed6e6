import type { Notice, Rule } from '@ruadar/alerts'
import { alertText } from '@ruadar/alerts/words'
import type { AlertChange, AlertDetail, AlertEvent, AlertItem, AlertQuery } from '@ruadar/contract'
import { noteEvent } from '@ruadar/ingest'
import { type Db, sql } from '@ruadar/platform'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'

const cursor = cursorOf(Type.Object({ waits: Id, day: Type.String({ maxLength: 10 }), id: Id }))
const mostEvents = 200

interface Row extends Omit<AlertItem, 'rule' | 'text' | 'firedAt' | 'snoozedUntil'> {
  rule: Rule
  firedAt: Date
  snoozedUntil: Date | null
  waits: number
}

/** Of those that wait for a person first: 1 open, 0 the others. */
const waits = sql`(case when a.state = 'open' then 1 else 0 end)`

const columns = sql`
  a.id, a.rule, d.name as domain, s.name as sender, a.sender_id as "senderId", a.fired_at as "firedAt", a.day, a.state,
  a.snoozed_until as "snoozedUntil", a.facts, ${waits} as waits`

const tables = sql`alerts a left join domains d on d.id = a.domain_id left join senders s on s.id = a.sender_id`

/** Open alerts, then the others, newest day first. */
export async function listAlerts(
  db: Db,
  { domain, rule, sender, state }: AlertQuery,
  paging: { after: string | undefined; limit: number },
): Promise<{ items: AlertItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<Row>`
    select ${columns} from ${tables}
    where ${domain === undefined ? sql`true` : sql`d.name = ${domain.toLowerCase()}`}
      and ${rule === undefined ? sql`true` : sql`a.rule = ${rule}`}
      and ${sender === undefined ? sql`true` : sql`a.sender_id = ${sender}`}
      and ${statesWhere(state)}
      and ${after === null ? sql`true` : sql`(${waits}, a.day, a.id) < (${after.waits}::int, ${after.day}::date, ${after.id}::bigint)`}
    order by ${waits} desc, a.day desc, a.id desc limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => ({ waits: row.waits, day: row.day, id: row.id }))
  return { items: part.rows.map(toItem), next: part.next }
}

function statesWhere(state: AlertQuery['state']) {
  if (state === undefined) return sql`a.state <> 'withdrawn'`
  return state === 'active' ? sql`a.state in ('open', 'acknowledged')` : sql`a.state = ${state}::alert_state`
}

function toItem({ waits: _waits, firedAt, snoozedUntil, ...row }: Row): AlertItem {
  const { rule, id, domain, senderId, day, facts } = row
  const notice = { rule, alertId: id, domain, senderId, day, facts } as unknown as Notice
  return {
    ...row,
    firedAt: firedAt.toISOString(),
    snoozedUntil: snoozedUntil && snoozedUntil.toISOString(),
    text: alertText('en', notice),
  }
}

/** An alert with all that happened to it; null for an id that none has. */
export async function askAlert(db: Db, id: number): Promise<AlertDetail | null> {
  const { rows } = await sql<Row>`select ${columns} from ${tables} where a.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return null
  const { rows: events } = await sql<Omit<Static<typeof AlertEvent>, 'at'> & { at: Date }>`
    select state, note, by, at from alert_events where alert_id = ${id} order by id desc limit ${mostEvents}`.execute(db)
  return { ...toItem(row), events: events.map((event) => ({ ...event, at: event.at.toISOString() })) }
}

/** Gives an alert another state, as a person wants it. False for an id that none has. */
export async function changeAlert(db: Db, id: number, { state, until, note }: AlertChange, by: string): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update alerts set state = ${state}::alert_state, snoozed_until = ${state === 'snoozed' ? (until ?? null) : null}::timestamptz
      where id = ${id} returning id`.execute(trx)
    if (rows.length === 0) return false
    await noteEvent(trx, id, state, note ?? null, by)
    return true
  })
}
