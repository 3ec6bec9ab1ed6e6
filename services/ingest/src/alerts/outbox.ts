import type { Notice } from '@ruadar/alerts'
import { type Db, sha256, sql } from '@ruadar/platform'

/**
 * Hands notices to every enabled channel that wants them, in the caller's transaction: an alert and what is to be told of it are
 * committed together or not at all. A channel takes a notice once, however often it is handed over, and once more when the alert opened
 * again (after a snooze); the delivery worker finds it by itself. `exceptChannel` is told nothing.
 */
export async function addNotices(
  trx: Db,
  notices: readonly Notice[],
  { exceptChannel = null }: { exceptChannel?: number | null } = {},
): Promise<void> {
  if (notices.length === 0) return
  const rows = notices.map((notice) => ({
    key: noticeKey(notice),
    alertId: notice.rule === 'history' ? null : notice.alertId,
    rule: ruleOf(notice),
    domains: domainsOf(notice),
    content: notice,
  }))
  await sql`
    insert into deliveries (channel_id, what, key, content)
    select c.id, 'notice', n.key || coalesce((select ':' || count(*) from alert_events e where e.alert_id = n."alertId" and e.state = 'open'), ''),
      n.content
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (key text, "alertId" bigint, rule text, domains text[], content jsonb)
      join channels c on c.enabled
        and (c.rules is null or n.rule = any(c.rules))
        and (c.domains is null or n.domains is null or c.domains && n.domains)
        and c.id is distinct from ${exceptChannel}::integer
    on conflict (channel_id, key) do nothing`.execute(trx)
}

/** What came out of old mail is told to those who want to hear of new senders. */
const ruleOf = (notice: Notice): string => (notice.rule === 'history' ? 'new_sender' : notice.rule)

/** Null: about no domain, and so for every channel. */
function domainsOf(notice: Notice): string[] | null {
  if (notice.rule === 'history') return notice.domains
  return notice.domain === null ? null : [notice.domain]
}

/** The same for the same notice: an alert has an id, and the sum of an import is known by what it says. */
function noticeKey(notice: Notice): string {
  return notice.rule === 'history' ? `history:${sha256(JSON.stringify(notice)).toString('hex')}` : `alert:${notice.alertId}`
}
