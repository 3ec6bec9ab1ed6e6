import type { Notice } from '@ruadar/alerts'
import { type Database, sealSecrets, sql } from '@ruadar/platform'

export interface WebhookChannel {
  name: string
  url: string
  rules?: string[]
  domains?: string[]
  enabled?: boolean
}

/** A webhook channel as the API would store it; gives its id. */
export async function addWebhookChannel(database: Database, secretKey: Buffer, channel: WebhookChannel): Promise<number> {
  const { name, url, rules = null, domains = null, enabled = true } = channel
  const secrets = sealSecrets({ url, signingKey: 'a signing key of the test' }, secretKey)
  const { rows } = await sql<{ id: number }>`
    insert into channels (name, kind, definition, secrets, language, rules, domains, enabled)
    values (${name}, 'webhook', '{"kind":"webhook"}', ${secrets}, 'en', ${rules}::text[], ${domains}::text[], ${enabled})
    returning id`.execute(database.db)
  return rows[0]?.id ?? 0
}

/** An alert as the rules would have fired it, and what channels are told of it. */
export async function fireAlert(
  database: Database,
  rule: 'quarantine' | 'failing_rise' = 'quarantine',
  domain: string | null = null,
): Promise<Exclude<Notice, { rule: 'history' }>> {
  const facts = rule === 'quarantine' ? { mails: 2, code: 'not_a_report' } : { failing: 5, usual: 1, messages: 9 }
  const { rows } = await sql<{ id: number }>`
    insert into alerts (rule, key, day, facts, noticed) values (${rule}, gen_random_uuid()::text, '2026-11-24', ${JSON.stringify(facts)}::jsonb, true)
    returning id`.execute(database.db)
  const notice = { rule, alertId: rows[0]?.id ?? 0, domain, senderId: null, day: '2026-11-24', facts }
  return notice as Exclude<Notice, { rule: 'history' }>
}
