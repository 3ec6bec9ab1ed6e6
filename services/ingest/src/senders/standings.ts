import { type Db, sql } from '@ruadar/platform'
import { type Judgement, judge } from './judge.ts'
import { drawPicture } from './picture.ts'

/** Senders of one domain that one transaction judges. */
const sendersAtOnce = 200

/**
 * Judges stale senders of one domain anew: what they are to it, and why their mail fails. What a person decided stays. Senders without
 * mail are forgotten unless decided on. False: none was stale.
 */
export async function judgeStaleSenders(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ domainId: number; senderId: number }>`
    delete from stale_senders s using (
      select domain_id, sender_id from stale_senders
      where domain_id = (select min(domain_id) from stale_senders) order by sender_id limit ${sendersAtOnce}) t
    where s.domain_id = t.domain_id and s.sender_id = t.sender_id
    returning s.domain_id as "domainId", s.sender_id as "senderId"`.execute(trx)
  const [first] = rows
  if (!first) return false
  const picture = await drawPicture(
    trx,
    first.domainId,
    rows.map(({ senderId }) => senderId),
  )
  if (picture) await save(trx, first.domainId, judge(picture))
  return true
}

async function save(trx: Db, domainId: number, judgements: readonly Judgement[]): Promise<void> {
  const present = judgements.filter(({ firstDay }) => firstDay !== null)
  const absent = judgements.filter(({ firstDay }) => firstDay === null)
  const column = <T>(pick: (judgement: Judgement) => T) => present.map(pick)
  await sql`
    insert into sender_domains as known (domain_id, sender_id, state, proposal, first_day, last_day, diagnosis, diagnosis_facts, task,
                                        task_since, messages)
    select ${domainId}, sender_id, state, proposal, first_day, last_day, diagnosis, facts, task, since, messages
    from unnest(
      ${column(({ senderId }) => senderId)}::int[], ${column(({ state }) => state)}::sender_state[],
      ${column(({ proposal }) => JSON.stringify(proposal))}::jsonb[], ${column(({ firstDay }) => firstDay)}::date[],
      ${column(({ lastDay }) => lastDay)}::date[], ${column(({ diagnosis }) => diagnosis?.code ?? null)}::text[],
      ${column(({ diagnosis }) => (diagnosis ? JSON.stringify(diagnosis) : null))}::jsonb[], ${column(({ task }) => task?.state ?? null)}::text[],
      ${column(({ task }) => task?.since ?? null)}::date[], ${column(({ messages }) => messages)}::bigint[]
    ) as judged (sender_id, state, proposal, first_day, last_day, diagnosis, facts, task, since, messages)
    on conflict (domain_id, sender_id) do update set
      state = case when known.decided then known.state else excluded.state end, proposal = excluded.proposal,
      first_day = excluded.first_day, last_day = excluded.last_day, diagnosis = excluded.diagnosis,
      diagnosis_facts = excluded.diagnosis_facts, task = excluded.task, task_since = excluded.task_since,
      messages = excluded.messages`.execute(trx)
  const gone = absent.map(({ senderId }) => senderId)
  if (gone.length === 0) return
  await sql`
    update sender_domains set first_day = null, last_day = null, diagnosis = null, diagnosis_facts = null, task = null, task_since = null, messages = 0
    where domain_id = ${domainId} and sender_id = any(${gone}::int[])`.execute(trx)
  await sql`
    delete from sender_domains where domain_id = ${domainId} and sender_id = any(${gone}::int[]) and not decided`.execute(trx)
}
