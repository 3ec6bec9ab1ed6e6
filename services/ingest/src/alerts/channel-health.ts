import { type Db, sql } from '@ruadar/platform'
import { noteEvent } from './alert-table.ts'
import { addNotices } from './outbox.ts'

/** So many attempts in a row fail by chance seldom. */
const failuresOfAnOutage = 3

/** An attempt reached the channel: an outage is over, and what waited for its next attempt goes at once. */
export async function noteChannelSuccess(trx: Db, channelId: number): Promise<void> {
  const { rows } = await sql<{ failures: number }>`select failures from channels where id = ${channelId} for no key update`.execute(trx)
  await sql`
    update channels set last_success_at = now(), failures = 0, failing_since = null, paused_until = null where id = ${channelId}`.execute(
    trx,
  )
  if (!rows[0]?.failures) return
  await sql`update deliveries set due_at = now() where channel_id = ${channelId} and state = 'waiting' and due_at > now()`.execute(trx)
  await closeChannelAlerts(trx, channelId)
}

export interface ChannelFailure {
  /** In words, without secrets. */
  message: string
  /** Whether the delivery will not be tried again. */
  givenUp: boolean
  /** How long the other side asks to be left alone, in ms. */
  pauseMs: number | null
}

/** An attempt failed. Too many in a row, or one too often, are an outage: its alert is told once, through the other channels. */
export async function noteChannelFailure(trx: Db, channelId: number, { message, givenUp, pauseMs }: ChannelFailure): Promise<void> {
  const { rows } = await sql<{
    failing: boolean
  }>`select failing_since is not null as failing from channels where id = ${channelId} for no key update`.execute(trx)
  if (!rows[0]) return
  const { rows: changed } = await sql<{ name: string; failingSince: Date | null; waiting: number }>`
    update channels set failures = failures + 1, last_failure_at = now(), last_failure = ${message},
      failing_since = coalesce(failing_since, case when ${givenUp}::boolean or failures + 1 >= ${failuresOfAnOutage} then now() end),
      paused_until = ${pauseMs === null ? sql`paused_until` : sql`now() + make_interval(secs => ${pauseMs / 1000}::float8)`}
    where id = ${channelId}
    returning name, failing_since as "failingSince",
      (select count(*) from deliveries d where d.channel_id = channels.id and d.state = 'waiting') as waiting`.execute(trx)
  const [channel] = changed
  if (rows[0].failing || !channel?.failingSince) return
  await raiseChannelAlert(trx, channelId, channel.failingSince, { channel: channel.name, message, waiting: channel.waiting })
}

/** One alert for an outage, unless the rule is off or muted. Its notices go out here: the channel itself is not to be asked. */
async function raiseChannelAlert(
  trx: Db,
  channelId: number,
  since: Date,
  facts: { channel: string; message: string; waiting: number },
): Promise<void> {
  const { rows } = await sql<{ id: number; day: string }>`
    insert into alerts (rule, key, day, facts, noticed)
    select 'channel_failing', ${`${keyOf(channelId)}${since.toISOString()}`}, current_date, ${JSON.stringify(facts)}::jsonb, true
    where not exists (select 1 from alert_rules where rule = 'channel_failing' and not enabled)
      and not exists (
        select 1 from mutes where rule = 'channel_failing' and domain_id is null and sender_id is null and (until is null or until > now()))
    on conflict (rule, key) do nothing
    returning id, day`.execute(trx)
  const [alert] = rows
  if (!alert) return
  await noteEvent(trx, alert.id, 'open', null)
  await addNotices(trx, [{ rule: 'channel_failing', alertId: alert.id, domain: null, senderId: null, day: alert.day, facts }], {
    exceptChannel: channelId,
  })
}

/** Of a channel that works again, or is no more. */
export async function closeChannelAlerts(trx: Db, channelId: number): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    update alerts set state = 'closed', snoozed_until = null
    where rule = 'channel_failing' and starts_with(key, ${keyOf(channelId)}) and state in ('open', 'acknowledged', 'snoozed')
    returning id`.execute(trx)
  for (const { id } of rows) await noteEvent(trx, id, 'closed', null)
}

const keyOf = (channelId: number): string => `channel:${channelId}@`
