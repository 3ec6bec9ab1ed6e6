import { type Rule, ruleFacts, settingsOf } from '@ruadar/alerts'
import type { AlertRule, AlertRuleChange } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

/** Every rule with its settings: what people set, else the defaults. */
export async function listAlertRules(db: Db): Promise<AlertRule[]> {
  const { rows } = await sql<{ rule: string; enabled: boolean; settings: Record<string, unknown> }>`
    select rule, enabled, settings from alert_rules`.execute(db)
  const changed = new Map(rows.map((row) => [row.rule, row]))
  return (Object.keys(ruleFacts) as Rule[]).map((rule) => {
    const { settings } = ruleFacts[rule]
    const values = settingsOf(settings, changed.get(rule)?.settings ?? {})
    return {
      rule,
      enabled: changed.get(rule)?.enabled ?? true,
      settings: Object.entries(settings).map(([name, definition]) => ({ name, value: values[name] ?? definition.default, ...definition })),
    }
  })
}

/** Domains are judged anew by it in the background. */
export async function changeAlertRule(db: Db, rule: Rule, { enabled, settings }: AlertRuleChange): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`
      insert into alert_rules (rule, enabled, settings) values (${rule}, ${enabled}, ${JSON.stringify(settings)}::jsonb)
      on conflict (rule) do update set enabled = excluded.enabled, settings = excluded.settings`.execute(trx)
    await sql`insert into stale_domains (domain_id) select id from domains order by id on conflict do nothing`.execute(trx)
  })
}
