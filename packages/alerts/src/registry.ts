import type { Rule } from './facts.ts'
import type { DomainHistory } from './history.ts'
import { type DomainRule, type Finding, type SettingDefinition, settingsOf } from './rule.ts'
import { alignmentDrop } from './rules/alignment-drop.ts'
import { failingRise } from './rules/failing-rise.ts'
import { mailboxFailing, type MailboxTrouble } from './rules/mailbox-failing.ts'
import { newSender } from './rules/new-sender.ts'
import { policyChanged } from './rules/policy-changed.ts'
import { quarantine, type UnreadDay } from './rules/quarantine.ts'
import { reportsStop } from './rules/reports-stop.ts'
import { spoofing } from './rules/spoofing.ts'
import { tlsFailuresRise } from './rules/tls-failures-rise.ts'

/** What an operator set for a rule; absent: the defaults. */
export interface RuleOverride {
  enabled: boolean
  settings: Readonly<Record<string, unknown>>
}
export type RuleOverrides = ReadonlyMap<string, RuleOverride>

/** What is known of the house itself. */
export interface HouseHistory {
  unread: readonly UnreadDay[]
  mailboxes: readonly MailboxTrouble[]
}

const domainRules = [newSender, spoofing, alignmentDrop, failingRise, reportsStop, policyChanged, tlsFailuresRise]

interface RuleFacts {
  settings: Record<string, SettingDefinition>
  tolerance: number
  /** What becomes of an alert whose finding is gone: the trouble is over, or later reports contradict it. */
  whenGone: 'closed' | 'withdrawn'
}

const facts = ({ settings, tolerance }: { settings: object; tolerance: number }, whenGone: RuleFacts['whenGone']): RuleFacts => ({
  settings: settings as Record<string, SettingDefinition>,
  tolerance,
  whenGone,
})

/** Every rule, in the order in which pages list them. */
export const ruleFacts: Record<Rule, RuleFacts> = {
  new_sender: facts(newSender, 'withdrawn'),
  spoofing: facts(spoofing, 'withdrawn'),
  alignment_drop: facts(alignmentDrop, 'withdrawn'),
  failing_rise: facts(failingRise, 'withdrawn'),
  reports_stop: facts(reportsStop, 'closed'),
  policy_changed: facts(policyChanged, 'withdrawn'),
  quarantine: facts(quarantine, 'closed'),
  mailbox_failing: facts(mailboxFailing, 'closed'),
  tls_failures_rise: facts(tlsFailuresRise, 'withdrawn'),
  // Deliveries raise and close it themselves.
  channel_failing: facts({ settings: {}, tolerance: 0 }, 'closed'),
}

export const rulesOfDomains: readonly Rule[] = domainRules.map(({ rule }) => rule)
export const rulesOfHouse: readonly Rule[] = [quarantine.rule, mailboxFailing.rule]

/** All that there is to tell about a domain. */
export function decideDomain(history: DomainHistory, overrides: RuleOverrides): Finding[] {
  return domainRules.flatMap((rule) => decideBy(rule as DomainRule<Rule, string, DomainHistory>, history, overrides))
}

/** All that there is to tell about mails and mailboxes. */
export function decideHouse({ unread, mailboxes }: HouseHistory, overrides: RuleOverrides): Finding[] {
  return [...decideBy(quarantine, unread, overrides), ...decideBy(mailboxFailing, mailboxes, overrides)]
}

function decideBy<R extends Rule, Names extends string, History>(
  { rule, settings, decide }: DomainRule<R, Names, History>,
  history: History,
  overrides: RuleOverrides,
): Finding<R>[] {
  const override = overrides.get(rule)
  return override?.enabled === false ? [] : decide(history, settingsOf(settings, override?.settings ?? {}))
}
