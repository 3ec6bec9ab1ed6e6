import type { Decision } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, Id, page } from '../cursor.ts'

const cursor = cursorOf(Type.Object({ id: Id }))

/** What people decided about senders, newest first. */
export async function listDecisions(
  db: Db,
  about: { sender?: number | undefined; domain?: string | undefined },
  paging: { after: string | undefined; limit: number },
): Promise<{ items: Decision[]; next: string | null }> {
  const after = cursor.read(paging.after)
  const { rows } = await sql<Decision & { at: Date }>`
    select c.id, d.name as domain, s.name as sender, s.id as "senderId", c.before, c.state, c.note, c.decided_by as by, c.decided_at as at,
      c.undone_by is not null as undone
    from decisions c join domains d on d.id = c.domain_id join senders s on s.id = c.sender_id
    where ${about.sender === undefined ? sql`true` : sql`c.sender_id = ${about.sender}`}
      and ${about.domain === undefined ? sql`true` : sql`d.name = ${about.domain}`}
      and ${after === null ? sql`true` : sql`c.id < ${after.id}::bigint`}
    order by c.id desc limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ id }) => ({ id }))
  return { items: part.rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() })), next: part.next }
}
