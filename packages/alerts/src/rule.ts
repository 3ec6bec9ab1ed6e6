import type { AlertFacts, Rule } from './facts.ts'

export interface SettingDefinition {
  default: number
  minimum: number
  maximum: number
  unit: 'days' | 'messages' | 'mails' | 'sessions' | 'share' | 'times' | 'minutes'
}

export type SettingValues<Names extends string> = Readonly<Record<Names, number>>

/** Something to tell. The same data give the same findings, in whatever order they came. */
export interface Finding<R extends Rule = Rule> {
  rule: R
  /** Whom it is about: `domain`, `sender:12:`, `reporter:mx.example`. With the day it is the alert's key. */
  subject: string
  senderId: number | null
  /** The day on which the rule's condition was first met. */
  day: string
  facts: AlertFacts[R]
  /** The condition no longer holds. */
  isOver: boolean
}

/** A rule that decides about one domain. */
export interface DomainRule<R extends Rule, Names extends string, History> {
  rule: R
  settings: Record<Names, SettingDefinition>
  /**
   * Days by which late reports may move the day of a finding: one of the same subject within them is the same. Infinity: there is one
   * for each subject, ever.
   */
  tolerance: number
  decide(history: History, settings: SettingValues<Names>): Finding<R>[]
}

/** The values of a rule: those that were set, else the defaults. Values beyond the bounds are drawn to them. */
export function settingsOf<Names extends string>(
  definitions: Record<Names, SettingDefinition>,
  given: Readonly<Record<string, unknown>>,
): SettingValues<Names> {
  const values = Object.entries<SettingDefinition>(definitions).map(([name, { default: usual, minimum, maximum }]) => {
    const value = given[name]
    return [name, typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(value, minimum), maximum) : usual]
  })
  return Object.fromEntries(values) as SettingValues<Names>
}
