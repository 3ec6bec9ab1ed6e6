import {
  decideDomain,
  decideHouse,
  type Notice,
  reconcile,
  type Rule,
  type RuleOverride,
  type RuleOverrides,
  rulesOfDomains,
  rulesOfHouse,
} from '@ruadar/alerts'
import { type Db, sql } from '@ruadar/platform'
import { applyReconciliation, type FiredAlert, knownAlerts, takeUntold, wakeSnoozed } from './alert-table.ts'
import { loadHistory } from './history.ts'
import { loadHouse } from './house-history.ts'
import { addNotices } from './outbox.ts'

/** What happened longer before a domain's newest report is learnt without a word. */
const learntDays = 30
/** What happened longer ago by the clock is old mail that came in just now: told in one message. */
const newsDays = 10
const dayMs = 86_400_000

/** What an evaluation knows beside the database. */
export interface Evaluation {
  now: Date
  /** Whether a domain's DMARC record still names a report address; null: not asked, or no answer. */
  isRuaPublished(domain: string): Promise<boolean | null>
}

/** Decides anew about one stale domain, in the caller's transaction. False: none was stale. */
export async function evaluateDomain(trx: Db, { now, isRuaPublished }: Evaluation): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    delete from stale_domains where domain_id = (select domain_id from stale_domains order by since, domain_id limit 1 for update)
    returning domain_id as id`.execute(trx)
  const [domain] = rows
  if (!domain) return false
  const { mailboxes } = await loadHouse(trx, now)
  const today = dayOf(now)
  const history = await loadHistory(trx, domain.id, { today, mailboxFails: mailboxes.length > 0, ruaPublished: null })
  if (!history) return true
  const overrides = await loadOverrides(trx)
  let findings = decideDomain(history, overrides)
  if (mailboxes.length === 0 && findings.some(({ rule, subject }) => rule === 'reports_stop' && subject === 'domain')) {
    // Only then is it worth a question to the DNS: a mailbox that fails explains it, for all domains at once.
    findings = decideDomain({ ...history, ruaPublished: await isRuaPublished(history.domain) }, overrides)
  }
  const known = await knownAlerts(trx, domain.id, switchedOn(rulesOfDomains, overrides), history.since)
  await applyReconciliation(trx, domain.id, reconcile(findings, known, daysBefore(history.lastDay, learntDays)))
  return true
}

/** Decides anew about mails and mailboxes. */
export async function evaluateHouse(trx: Db, { now }: Evaluation): Promise<void> {
  const house = await loadHouse(trx, now)
  const overrides = await loadOverrides(trx)
  const findings = decideHouse(house, overrides)
  const known = await knownAlerts(trx, null, switchedOn(rulesOfHouse, overrides), daysBefore(dayOf(now), learntDays))
  await applyReconciliation(trx, null, reconcile(findings, known, daysBefore(dayOf(now), learntDays)))
}

/**
 * Hands what fired to the channels: news one by one, what old mail showed in one message. A silence is news, although its day is that of the
 * last report; so is an alert whose snooze has ended.
 */
export async function tellAlerts(trx: Db, { now }: Evaluation): Promise<void> {
  const woken = await wakeSnoozed(trx)
  const untold = await takeUntold(trx)
  const newsFrom = daysBefore(dayOf(now), newsDays)
  const isNews = ({ id, rule, day }: FiredAlert) => day >= newsFrom || woken.has(id) || rule === 'reports_stop'
  const news = untold.filter(isNews)
  const old = untold.filter((alert) => !isNews(alert))
  const notices = news.map(toNotice)
  if (old.length > 0) notices.push(await historyNotice(trx, old))
  await addNotices(trx, notices)
}

const toNotice = ({ id, rule, domain, senderId, day, facts }: FiredAlert): Notice =>
  ({ rule, alertId: id, domain, senderId, day, facts }) as Notice

async function historyNotice(trx: Db, old: readonly FiredAlert[]): Promise<Notice> {
  const domainIds = [...new Set(old.map(({ domainId }) => domainId).filter((id) => id !== null))]
  const { rows } = await sql<{ from: string; to: string; domains: string[]; senders: number; unknown: number }>`
    select min(sd.first_day) as from, max(sd.last_day) as to, coalesce(array_agg(distinct d.name order by d.name), '{}') as domains,
      count(distinct sd.sender_id) as senders,
      count(distinct sd.sender_id) filter (where sd.state = 'unknown' and not sd.decided) as unknown
    from sender_domains sd join domains d on d.id = sd.domain_id
    where sd.domain_id = any(${domainIds}::int[]) and sd.first_day is not null`.execute(trx)
  const sums = rows[0]
  return {
    rule: 'history',
    from: sums?.from ?? old[0]?.day ?? '',
    to: sums?.to ?? old.at(-1)?.day ?? '',
    domains: sums?.domains ?? [],
    senders: sums?.senders ?? 0,
    unknown: sums?.unknown ?? 0,
    alerts: old.length,
  }
}

/** A rule that is switched off finds nothing, which says nothing against the alerts that it raised. */
const switchedOn = (rules: readonly Rule[], overrides: RuleOverrides): Rule[] =>
  rules.filter((rule) => overrides.get(rule)?.enabled !== false)

async function loadOverrides(trx: Db): Promise<RuleOverrides> {
  const { rows } = await sql<RuleOverride & { rule: string }>`select rule, enabled, settings from alert_rules`.execute(trx)
  return new Map(rows.map(({ rule, ...override }) => [rule, override]))
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10)
const daysBefore = (day: string, days: number): string => dayOf(new Date(Date.parse(day) - days * dayMs))
