import type { AlertState, Finding, KnownAlert, Reconciliation, Rule } from '@ruadar/alerts'
import { counted, type Db, sql } from '@ruadar/platform'

/** An alert that has just fired, or came back, and is not told yet. */
export interface FiredAlert {
  id: number
  rule: Rule
  domainId: number | null
  domain: string | null
  senderId: number | null
  day: string
  facts: object
}

/** Alerts of these rules about a domain (null: about the house) since a day. */
export async function knownAlerts(trx: Db, domainId: number | null, rules: readonly Rule[], since: string): Promise<KnownAlert[]> {
  const { rows } = await sql<KnownAlert & { key: string }>`
    select id, rule, key, day, state, facts, exists (
        select from alert_events e where e.alert_id = alerts.id and e.state = 'open' and e.by is not null
          and not exists (select from alert_events c where c.alert_id = alerts.id and c.state = 'closed' and c.id > e.id)) as "isReopened"
    from alerts
    where domain_id is not distinct from ${domainId}::int and rule = any(${rules}::text[]) and day >= ${since}::date
    order by id`.execute(trx)
  return rows.map(({ key, ...alert }) => ({ ...alert, subject: subjectOf(key) }))
}

/** `subject@domain:day`: the day keeps apart what may fire again. */
const keyOf = ({ subject, day }: Finding, domainId: number | null): string => `${subject}@${domainId ?? ''}@${day}`
const subjectOf = (key: string): string => key.split('@').slice(0, -2).join('@')

/** Writes what became of a domain's alerts, with their history. Muted ones begin closed. */
export async function applyReconciliation(trx: Db, domainId: number | null, { fired, changed, moved }: Reconciliation): Promise<void> {
  for (const { finding, state } of fired) await insertAlert(trx, domainId, finding, state)
  for (const { id, finding } of changed) {
    await sql`update alerts set day = ${finding.day}::date, facts = ${JSON.stringify(finding.facts)}::jsonb where id = ${id}`.execute(trx)
  }
  for (const { id, state } of moved) await moveAlert(trx, id, state)
}

async function insertAlert(trx: Db, domainId: number | null, finding: Finding, state: AlertState): Promise<void> {
  const { rule, senderId, day, facts } = finding
  const isMuted = state === 'open' && (await isMutedNow(trx, rule, domainId, senderId))
  const begins = isMuted ? 'closed' : state
  const { rows } = await sql<{ id: number }>`
    insert into alerts (rule, key, domain_id, sender_id, day, facts, state, noticed)
    values (${rule}, ${keyOf(finding, domainId)}, ${domainId}, ${senderId}, ${day}, ${JSON.stringify(facts)}::jsonb, ${begins}::alert_state,
      ${begins === 'closed'})
    on conflict (rule, key) do nothing returning id`.execute(trx)
  const [made] = rows
  if (!made) return
  counted.alerts.inc({ rule })
  await noteEvent(trx, made.id, begins, isMuted ? 'muted' : null)
}

async function moveAlert(trx: Db, id: number, state: AlertState): Promise<void> {
  await sql`update alerts set state = ${state}::alert_state, snoozed_until = null where id = ${id}`.execute(trx)
  await noteEvent(trx, id, state, null)
}

export async function noteEvent(trx: Db, alertId: number, state: AlertState, note: string | null, by: string | null = null): Promise<void> {
  await sql`insert into alert_events (alert_id, state, note, by) values (${alertId}, ${state}::alert_state, ${note}, ${by})`.execute(trx)
}

async function isMutedNow(trx: Db, rule: Rule, domainId: number | null, senderId: number | null): Promise<boolean> {
  const { rows } = await sql`
    select 1 from mutes
    where (rule is null or rule = ${rule}) and (domain_id is null or domain_id = ${domainId}::int) and (sender_id is null or sender_id = ${senderId}::int)
      and (until is null or until > now())
    limit 1`.execute(trx)
  return rows.length > 0
}

/** Alerts that nobody was told of yet; from now on they count as told. */
export async function takeUntold(trx: Db): Promise<FiredAlert[]> {
  const { rows } = await sql<FiredAlert>`
    with untold as (
      update alerts set noticed = true where not noticed and state in ('open', 'learnt')
      returning id, rule, domain_id, sender_id, day, facts
    )
    select u.id, u.rule, u.domain_id as "domainId", d.name as domain, u.sender_id as "senderId", u.day, u.facts
    from untold u left join domains d on d.id = u.domain_id
    order by u.day, u.id`.execute(trx)
  return rows
}

/** Snoozed alerts whose time has come open again, and are told anew: their ids. */
export async function wakeSnoozed(trx: Db): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    update alerts set state = 'open', snoozed_until = null, noticed = false where state = 'snoozed' and snoozed_until <= now()
    returning id`.execute(trx)
  for (const { id } of rows) await noteEvent(trx, id, 'open', null)
  return new Set(rows.map(({ id }) => id))
}
