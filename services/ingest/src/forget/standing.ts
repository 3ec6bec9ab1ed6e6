import { type Db, sql } from '@ruadar/platform'
import { lockSenderPass } from '../senders/turn.ts'
import { forgetSpans } from '../store/spans.ts'
import type { Forgotten } from './forgotten.ts'

/**
 * Deletes what was worked out, decided, and told of a domain. A channel that was for this domain alone is switched off: without a domain it
 * would be for all.
 */
export async function forgetStanding(trx: Db, { id, name }: Forgotten): Promise<void> {
  await lockSenderPass(trx)
  await forgetSpans(trx, id)
  for (const table of ['decisions', 'sender_domains', 'mutes', 'alerts', 'stale_days', 'stale_domains', 'stale_senders'])
    await sql`delete from ${sql.table(table)} where domain_id = ${id}`.execute(trx)
  await sql`delete from alerts where domain_id is null and mentions(facts::text, ${name})`.execute(trx)
  await sql`delete from deliveries where mentions(content::text, ${name})`.execute(trx)
  await sql`
    update channels set domains = array_remove(domains, ${name}), enabled = enabled and domains <> array[${name}]::text[]
    where ${name} = any(domains)`.execute(trx)
  await sql`update deviations set last_value = null where mentions(last_value, ${name})`.execute(trx)
}
