import type { Mute, MuteRequest } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

type Row = Omit<Mute, 'at' | 'until'> & { at: Date; until: Date | null }

/** Mutes that still hold, newest first. */
export async function listMutes(db: Db): Promise<Mute[]> {
  const { rows } = await sql<Row>`
    select m.id, m.rule, d.name as domain, s.name as sender, m.sender_id as "senderId", m.until, m.created_by as by, m.created_at as at
    from mutes m left join domains d on d.id = m.domain_id left join senders s on s.id = m.sender_id
    where m.until is null or m.until > now() order by m.id desc`.execute(db)
  return rows.map((row) => ({ ...row, until: row.until && row.until.toISOString(), at: row.at.toISOString() }))
}

/** The id of the new mute, and open alerts that it covers closed; null for a domain or a sender that there is not. */
export async function addMute(db: Db, { rule, domain, senderId, until }: MuteRequest, by: string): Promise<number | null> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number }>`
      insert into mutes (rule, domain_id, sender_id, until, created_by)
      select ${rule ?? null}, d.id, s.id, ${until ?? null}::timestamptz, ${by}
      from (select 1) one
        left join domains d on d.name = ${domain?.toLowerCase() ?? null}
        left join senders s on s.id = ${senderId ?? null}::int
      where (${domain ?? null}::text is null or d.id is not null) and (${senderId ?? null}::int is null or s.id is not null)
      returning id`.execute(trx)
    const [made] = rows
    if (!made) return null
    await sql`
      with closed as (
        update alerts a set state = 'closed', snoozed_until = null from mutes m
        where m.id = ${made.id} and a.state in ('open', 'acknowledged', 'snoozed') and (m.rule is null or m.rule = a.rule)
          and (m.domain_id is null or m.domain_id = a.domain_id) and (m.sender_id is null or m.sender_id = a.sender_id)
        returning a.id
      )
      insert into alert_events (alert_id, state, note, by) select id, 'closed', 'muted', ${by} from closed`.execute(trx)
    return made.id
  })
}

export async function deleteMute(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`delete from mutes where id = ${id} returning id`.execute(db)
  return rows.length > 0
}
