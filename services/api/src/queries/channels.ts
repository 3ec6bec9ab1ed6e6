import type { Channel, ChannelInput } from '@ruadar/contract'
import { closeChannelAlerts } from '@ruadar/ingest'
import { type Db, sql } from '@ruadar/platform'
import type { ChannelDefinition, StoredChannel } from '../channel-secrets.ts'

interface Row
  extends Pick<
    Channel,
    'id' | 'name' | 'language' | 'enabled' | 'rules' | 'domains' | 'digest' | 'digestHour' | 'lastFailure' | 'waiting'
  > {
  definition: ChannelDefinition
  lastSuccessAt: Date | null
  lastFailureAt: Date | null
  failingSince: Date | null
}

/** All channels, or one. */
export async function listChannels(db: Db, id?: number): Promise<Channel[]> {
  const { rows } = await sql<Row>`
    select c.id, c.name, c.definition, c.language, c.enabled, c.rules, c.domains, c.digest, c.digest_hour as "digestHour",
      c.last_success_at as "lastSuccessAt", c.last_failure_at as "lastFailureAt", c.last_failure as "lastFailure",
      c.failing_since as "failingSince",
      (select count(*) from deliveries d where d.channel_id = c.id and d.state = 'waiting' and d.what <> 'test') as waiting
    from channels c
    where ${id === undefined ? sql`true` : sql`c.id = ${id}`}
    order by c.id`.execute(db)
  return rows.map(toChannel)
}

function toChannel({ definition, lastSuccessAt, lastFailureAt, failingSince, ...row }: Row): Channel {
  const { kind, address, secretNames, ...target } = definition
  return {
    ...row,
    kind,
    target,
    secrets: secretNames,
    address,
    status: row.enabled ? (failingSince ? 'failing' : lastSuccessAt ? 'working' : 'new') : 'disabled',
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastFailureAt: lastFailureAt?.toISOString() ?? null,
    failingSince: failingSince?.toISOString() ?? null,
  }
}

export async function findStoredChannel(db: Db, id: number): Promise<StoredChannel | null> {
  const { rows } = await sql<StoredChannel>`select definition, secrets from channels where id = ${id}`.execute(db)
  return rows[0] ?? null
}

export async function insertChannel(db: Db, input: ChannelInput, { definition, secrets }: StoredChannel): Promise<number> {
  const { name, language, enabled, rules, domains, digest, digestHour } = normalised(input)
  const { rows } = await sql<{ id: number }>`
    insert into channels (name, kind, definition, secrets, language, enabled, rules, domains, digest, digest_hour)
    values (${name}, ${definition.kind}, ${JSON.stringify(definition)}::jsonb, ${secrets}, ${language}, ${enabled}, ${rules}::text[],
      ${domains}::text[], ${digest}, ${digestHour})
    returning id`.execute(db)
  return (rows[0] as { id: number }).id
}

/** False when there is none. An outage counts as mended, and what waits is tried at once. */
export function updateChannel(db: Db, id: number, input: ChannelInput, { definition, secrets }: StoredChannel): Promise<boolean> {
  const { name, language, enabled, rules, domains, digest, digestHour } = normalised(input)
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update channels
      set name = ${name}, kind = ${definition.kind}, definition = ${JSON.stringify(definition)}::jsonb, secrets = ${secrets},
        language = ${language}, enabled = ${enabled}, rules = ${rules}::text[], domains = ${domains}::text[], digest = ${digest},
        digest_hour = ${digestHour}, failures = 0, failing_since = null, paused_until = null
      where id = ${id} returning id`.execute(trx)
    if (rows.length === 0) return false
    await sql`update deliveries set due_at = now() where channel_id = ${id} and state = 'waiting'`.execute(trx)
    await closeChannelAlerts(trx, id)
    return true
  })
}

/** False when there is none. Its deliveries go with it. */
export function deleteChannel(db: Db, id: number): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql`delete from channels where id = ${id} returning id`.execute(trx)
    if (rows.length > 0) await closeChannelAlerts(trx, id)
    return rows.length > 0
  })
}

function normalised({ enabled = true, digestHour = 6, domains, ...input }: ChannelInput) {
  return { ...input, enabled, digestHour, domains: domains && [...new Set(domains.map((domain) => domain.toLowerCase()))] }
}
