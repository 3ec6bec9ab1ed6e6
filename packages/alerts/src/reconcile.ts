import { daysBetween } from './days.ts'
import type { Rule } from './facts.ts'
import { ruleFacts } from './registry.ts'
import type { Finding } from './rule.ts'

export type AlertState = 'open' | 'acknowledged' | 'snoozed' | 'closed' | 'learnt' | 'withdrawn'

/** An alert that fired before. */
export interface KnownAlert {
  id: number
  rule: Rule
  subject: string
  day: string
  state: AlertState
  facts: object
  /** By a person, since it was closed last: only a person closes it then. */
  isReopened: boolean
}

export interface Reconciliation {
  /** Alerts to fire, with the state they begin in. */
  fired: { finding: Finding; state: AlertState }[]
  /** Known alerts whose day or facts late reports have changed. */
  changed: { id: number; finding: Finding }[]
  /** Known alerts that get another state. */
  moved: { id: number; state: AlertState }[]
}

const active: ReadonlySet<AlertState> = new Set(['open', 'acknowledged', 'snoozed', 'learnt'])

/**
 * Compares what the data say now with the alerts that fired before, so that nothing fires twice: a finding is a known alert when rule
 * and subject are the same and the days lie within the rule's tolerance. `oldBefore`: findings of earlier days are learnt in silence.
 */
export function reconcile(findings: readonly Finding[], known: readonly KnownAlert[], oldBefore: string): Reconciliation {
  const left = new Set(known)
  const result: Reconciliation = { fired: [], changed: [], moved: [] }
  for (const finding of findings) {
    const alert = nearest(finding, left)
    if (!alert) {
      // A sender that people decided on before it was news is none.
      if (finding.rule === 'new_sender' && finding.isOver) continue
      result.fired.push({ finding, state: finding.isOver ? 'closed' : finding.day < oldBefore ? 'learnt' : 'open' })
      continue
    }
    left.delete(alert)
    if (alert.day !== finding.day || !sameFacts(alert.facts, finding.facts)) result.changed.push({ id: alert.id, finding })
    if (finding.isOver && active.has(alert.state) && !alert.isReopened) result.moved.push({ id: alert.id, state: 'closed' })
    else if (alert.state === 'withdrawn') {
      result.moved.push({ id: alert.id, state: finding.isOver ? 'closed' : finding.day < oldBefore ? 'learnt' : 'open' })
    }
  }
  for (const { id, rule, state } of left) {
    const gone = ruleFacts[rule].whenGone
    if (state !== 'withdrawn' && state !== gone && (gone === 'withdrawn' || active.has(state))) result.moved.push({ id, state: gone })
  }
  return result
}

function nearest({ rule, subject, day }: Finding, known: ReadonlySet<KnownAlert>): KnownAlert | undefined {
  const { tolerance } = ruleFacts[rule]
  let found: KnownAlert | undefined
  for (const alert of known) {
    if (alert.rule !== rule || alert.subject !== subject || distance(alert, day) > tolerance) continue
    if (!found || distance(alert, day) < distance(found, day)) found = alert
  }
  return found
}

const distance = ({ day }: KnownAlert, other: string): number => Math.abs(daysBetween(day, other))

/** The database keeps facts in an order of its own. */
function sameFacts(a: object, b: object): boolean {
  const text = (facts: object) => JSON.stringify(Object.entries(facts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
  return text(a) === text(b)
}
