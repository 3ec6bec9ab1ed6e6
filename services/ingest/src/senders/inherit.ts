import { type Db, sql } from '@ruadar/platform'

/**
 * A sender that lost its last way to another (a look-up or a rule gave its address a name) leaves it what people decided, the alerts
 * that fired and what was muted: the same mail must not raise its alert twice. What the heir has of its own stays.
 */
export async function inheritStanding(trx: Db, moves: readonly { from: number; to: number }[]): Promise<void> {
  const heirs = new Map(moves.map(({ from, to }) => [from, to]))
  const { rows } = await sql<{ id: number }>`
    select left_by.id from unnest(${[...heirs.keys()]}::int[]) as left_by (id)
    where not exists (select 1 from ways w where w.sender_id = left_by.id)`.execute(trx)
  for (const { id } of rows) await inherit(trx, id, heirs.get(id) ?? 0)
}

async function inherit(trx: Db, from: number, to: number): Promise<void> {
  await sql`
    insert into sender_domains as heir (domain_id, sender_id, state, decided)
    select domain_id, ${to}, state, true from sender_domains where sender_id = ${from} and decided
    on conflict (domain_id, sender_id) do update set state = excluded.state, decided = true where not heir.decided`.execute(trx)
  await sql`
    insert into decisions (domain_id, sender_id, before, was_decided, state, note, decided_by, decided_at)
    select domain_id, ${to}, before, was_decided, state, note, decided_by, decided_at from decisions d
    where sender_id = ${from} and not exists (select 1 from decisions h where h.sender_id = ${to} and h.domain_id = d.domain_id)
    order by id`.execute(trx)
  await sql`
    update alerts a set sender_id = ${to}, key = replace(a.key, ${`sender:${from}:`}, ${`sender:${to}:`})
    where a.sender_id = ${from} and not exists (
      select 1 from alerts h where h.rule = a.rule and h.key = replace(a.key, ${`sender:${from}:`}, ${`sender:${to}:`}))`.execute(trx)
  await sql`update mutes set sender_id = ${to} where sender_id = ${from}`.execute(trx)
}
