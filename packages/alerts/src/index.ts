export type { AlertFacts, Notice, Rule } from './facts.ts'
export type { DaySum, DomainHistory, ReporterHistory, SenderHistory, ShownPolicy, TlsDay } from './history.ts'
export { type AlertState, type KnownAlert, reconcile, type Reconciliation } from './reconcile.ts'
export {
  decideDomain,
  decideHouse,
  type HouseHistory,
  ruleFacts,
  type RuleOverride,
  type RuleOverrides,
  rulesOfDomains,
  rulesOfHouse,
} from './registry.ts'
export { type Finding, type SettingDefinition, settingsOf } from './rule.ts'
