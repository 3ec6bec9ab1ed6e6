import type { Notice } from '@ruadar/alerts'
import type { Channel, Delivery } from '@ruadar/contract'
import { composeMessage, type Content } from '@ruadar/ingest'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'

const cursor = cursorOf(Type.Object({ id: Id }))

interface Row {
  id: number
  what: Content['what']
  content: unknown
  state: Delivery['state']
  createdAt: Date
  dueAt: Date
  attempts: Delivery['attempts']
}

type ChannelNames = Pick<Channel, 'id' | 'name' | 'language'>

/** What a channel was handed, newest first, with every attempt. */
export async function listDeliveries(
  db: Db,
  channel: ChannelNames,
  paging: { after: string | undefined; limit: number },
): Promise<{ items: Delivery[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const rows = await readDeliveries(db, channel.id, after === null ? sql`true` : sql`d.id < ${after.id}`, paging.limit + 1)
  const part = page(rows, paging.limit, cursor, ({ id }) => ({ id }))
  return { items: part.rows.map((row) => toDelivery(row, channel)), next: part.next }
}

/** Has a delivery that was given up tried again, from the first attempt on. Null: there is none such. */
export async function retryDelivery(db: Db, channel: ChannelNames, id: number): Promise<Delivery | null> {
  const { rows } = await sql`
    update deliveries set state = 'waiting', attempts = 0, due_at = now()
    where id = ${id} and channel_id = ${channel.id} and state = 'given_up' and what <> 'test' returning id`.execute(db)
  if (rows.length === 0) return null
  const [row] = await readDeliveries(db, channel.id, sql`d.id = ${id}`, 1)
  return row ? toDelivery(row, channel) : null
}

async function readDeliveries(db: Db, channelId: number, where: ReturnType<typeof sql>, limit: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select d.id, d.what, d.content, d.state, d.created_at as "createdAt", d.due_at as "dueAt",
      (select coalesce(jsonb_agg(jsonb_build_object('at', to_char(a.at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'ok', a.ok, 'answer', a.answer, 'ms', a.ms)
          order by a.id), '[]')
       from delivery_attempts a where a.delivery_id = d.id) as attempts
    from deliveries d where d.channel_id = ${channelId} and ${where}
    order by d.id desc limit ${limit}`.execute(db)
  return rows
}

function toDelivery({ id, what, content, state, createdAt, dueAt, attempts }: Row, channel: ChannelNames): Delivery {
  const notice = what === 'notice' ? (content as Notice) : null
  return {
    id,
    what: what === 'notice' ? (notice?.rule === 'history' ? 'history' : 'alert') : what,
    alertId: notice && notice.rule !== 'history' ? notice.alertId : null,
    title: composeMessage({ what, notice: content, digest: content } as Content, channel, null).title,
    state,
    createdAt: createdAt.toISOString(),
    nextAttemptAt: state === 'waiting' ? dueAt.toISOString() : null,
    attempts,
  }
}
