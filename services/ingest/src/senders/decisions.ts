import { type Db, sql } from '@ruadar/platform'
import type { SenderState } from '@ruadar/senders'

export interface NewDecision {
  /** Null: every domain that the sender was seen for. */
  domain: string | null
  senders: readonly number[]
  /** Null: go by the evidence again. */
  state: SenderState | null
  note: string | null
  by: string
}

/**
 * Writes down what senders are to a domain: for all their addresses, those to come included. Alerts about new senders that this
 * answers are closed with it. The ids of the decisions, one for each sender and domain that it changed something for.
 */
export async function decideSenders(db: Db, { domain, senders, state, note, by }: NewDecision): Promise<number[]> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; domainId: number; senderId: number }>`
      with
        concerned as (
          select domain_id, sender_id, state, decided from sender_domains
          where sender_id = any(${senders}::int[])
            and ${domain === null ? sql`true` : sql`domain_id = (select id from domains where name = ${domain.toLowerCase()})`}
          order by domain_id, sender_id for update
        ),
        changed as (
          update sender_domains sd set state = coalesce(${state}::sender_state, ${proposed}), decided = ${state !== null}
          from concerned c where c.domain_id = sd.domain_id and c.sender_id = sd.sender_id
            and (c.state, c.decided) is distinct from (coalesce(${state}::sender_state, ${proposed}), ${state !== null})
          returning sd.domain_id, sd.sender_id, c.state as before, c.decided as was_decided
        )
      insert into decisions (domain_id, sender_id, before, was_decided, state, note, decided_by)
      select domain_id, sender_id, before, was_decided, ${state}::sender_state, ${note}, ${by} from changed order by domain_id, sender_id
      returning id, domain_id as "domainId", sender_id as "senderId"`.execute(trx)
    await followDecisions(trx, rows)
    if (state !== null) await closeAnswered(trx, rows, by)
    return rows.map(({ id }) => id)
  })
}

/**
 * Takes decisions back: each sender is again what it was before. Null when one of them is not the last about its sender and domain:
 * then nothing is changed.
 */
export async function undoDecisions(db: Db, ids: readonly number[], by: string): Promise<number[] | null> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; isLast: boolean }>`
      select d.id, d.undone_by is null and not exists (
        select 1 from decisions later
        where later.domain_id = d.domain_id and later.sender_id = d.sender_id and later.id > d.id and later.undone_by is null
          and not exists (select 1 from decisions undone where undone.undone_by = later.id)) as "isLast"
      from decisions d where d.id = any(${ids}::bigint[]) order by d.id for update`.execute(trx)
    if (rows.length < new Set(ids).size || rows.some(({ isLast }) => !isLast)) return null
    const { rows: undone } = await sql<{ id: number; domainId: number; senderId: number }>`
      with
        taken as (
          select d.*, sd.state as state_now, sd.decided as decided_now
          from decisions d join sender_domains sd on sd.domain_id = d.domain_id and sd.sender_id = d.sender_id
          where d.id = any(${ids}::bigint[])
        ),
        restored as (
          update sender_domains sd set
            state = case when t.was_decided then t.before else ${proposed} end, decided = t.was_decided
          from taken t where t.domain_id = sd.domain_id and t.sender_id = sd.sender_id
          returning sd.domain_id
        )
      insert into decisions (domain_id, sender_id, before, was_decided, state, decided_by)
      select domain_id, sender_id, state_now, decided_now, case when was_decided then before end, ${by} from taken order by id
      returning id, domain_id as "domainId", sender_id as "senderId"`.execute(trx)
    await sql`
      update decisions d set undone_by = given.by_id
      from unnest(${undone.map(({ id }) => id)}::bigint[], ${undone.map(({ domainId }) => domainId)}::int[],
                  ${undone.map(({ senderId }) => senderId)}::int[]) as given (by_id, domain_id, sender_id)
      where d.id = any(${ids}::bigint[]) and d.domain_id = given.domain_id and d.sender_id = given.sender_id`.execute(trx)
    await followDecisions(trx, undone)
    await reopenUnanswered(trx, undone, by)
    return undone.map(({ id }) => id)
  })
}

/** What the evidence proposes for `sd`. */
const proposed = sql`coalesce((sd.proposal->>'state')::sender_state, 'unknown')`

interface Concerned {
  domainId: number
  senderId: number
}

const pairs = (concerned: readonly Concerned[]) => sql`
  unnest(${concerned.map(({ domainId }) => domainId)}::int[], ${concerned.map(({ senderId }) => senderId)}::int[]) as given (domain_id, sender_id)`

/** Diagnoses and alerts depend on what a sender is: both are to be made anew. */
async function followDecisions(trx: Db, concerned: readonly Concerned[]): Promise<void> {
  if (concerned.length === 0) return
  await sql`
    insert into stale_senders (domain_id, sender_id) select distinct domain_id, sender_id from ${pairs(concerned)} order by 1, 2
    on conflict do nothing`.execute(trx)
  await sql`
    insert into stale_domains (domain_id) select distinct domain_id from ${pairs(concerned)} order by 1 on conflict do nothing`.execute(trx)
}

const decidedNote = 'decided'

async function closeAnswered(trx: Db, concerned: readonly Concerned[], by: string): Promise<void> {
  if (concerned.length === 0) return
  await sql`
    with closed as (
      update alerts a set state = 'closed', snoozed_until = null from ${pairs(concerned)}
      where a.rule = 'new_sender' and a.domain_id = given.domain_id and a.sender_id = given.sender_id
        and a.state in ('open', 'acknowledged', 'snoozed', 'learnt')
      returning a.id
    )
    insert into alert_events (alert_id, state, note, by) select id, 'closed', ${decidedNote}, ${by} from closed`.execute(trx)
}

async function reopenUnanswered(trx: Db, concerned: readonly Concerned[], by: string): Promise<void> {
  await sql`
    with reopened as (
      update alerts a set state = 'open' from ${pairs(concerned)}, sender_domains sd
      where a.rule = 'new_sender' and a.domain_id = given.domain_id and a.sender_id = given.sender_id and a.state = 'closed'
        and sd.domain_id = given.domain_id and sd.sender_id = given.sender_id and not sd.decided
        and (select e.note from alert_events e where e.alert_id = a.id order by e.id desc limit 1) = ${decidedNote}
      returning a.id
    )
    insert into alert_events (alert_id, state, by) select id, 'open', ${by} from reopened`.execute(trx)
}
