import type { HouseHistory } from '@ruadar/alerts'
import { type Db, sql } from '@ruadar/platform'

const unreadDays = 14

/** Mails that could not be read of late, by day and most frequent reason, and mailboxes that are not reached now. */
export async function loadHouse(trx: Db, now: Date): Promise<HouseHistory> {
  const { rows: unread } = await sql<{ day: string; mails: number; code: string }>`
    select (m.stored_at at time zone 'UTC')::date as day, count(distinct m.id)::int as mails,
      coalesce(mode() within group (order by o.code), 'unknown') as code
    from mails m left join mail_outcomes o on o.mail_id = m.id and o.outcome = 'quarantined'
    where m.state = 'quarantined' and m.stored_at >= ${now}::timestamptz - make_interval(days => ${unreadDays}) and m.origin <> 'sample'
    group by 1 order by 1`.execute(trx)
  const { rows: mailboxes } = await sql<HouseHistory['mailboxes'][number]>`
    select id, coalesce(definition->>'name', definition->>'user', definition->>'host', id::text) as name,
      coalesce(status_message, status) as message, to_char(failing_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since,
      (extract(epoch from ${now}::timestamptz - failing_since) / 60)::int as minutes
    from mailboxes where enabled and failing_since is not null
    order by id`.execute(trx)
  return { unread, mailboxes }
}
