import { addDays } from '../days.ts'
import type { DomainHistory, ShownPolicy } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

/** Reporters that show the same new policy within so many days tell of one change. */
const withinDays = 7

interface Change {
  day: string
  before: string
  after: string
  reporters: Set<string>
}

/**
 * The published policy changed, as reports show it. Compared is each reporter with itself, as reporters write defaults differently; two
 * have to agree, or the only one that reports at all.
 */
export const policyChanged: DomainRule<'policy_changed', never, Pick<DomainHistory, 'policies'>> = {
  rule: 'policy_changed',
  settings: {},
  tolerance: 3,
  decide({ policies }) {
    const needed = Math.min(2, new Set(policies.map(({ reporter }) => reporter)).size)
    const changes: Change[] = []
    for (const change of reporterChanges(policies)) {
      const same = changes.find(
        (it) => it.before === change.before && it.after === change.after && change.day <= addDays(it.day, withinDays),
      )
      if (same) same.reporters.add(change.reporter)
      else changes.push({ day: change.day, before: change.before, after: change.after, reporters: new Set([change.reporter]) })
    }
    return changes
      .filter(({ reporters }) => reporters.size >= needed)
      .map(
        ({ day, before, after, reporters }): Finding<'policy_changed'> => ({
          rule: 'policy_changed',
          subject: `policy:${after}`,
          senderId: null,
          day,
          facts: { before, after, reporters: reporters.size },
          isOver: false,
        }),
      )
  },
}

/** What each reporter showed, where it differs from what it showed before; oldest first. */
function reporterChanges(policies: readonly ShownPolicy[]): { day: string; reporter: string; before: string; after: string }[] {
  const last = new Map<string, string>()
  const changes: { day: string; reporter: string; before: string; after: string }[] = []
  for (const { day, reporter, policy } of policies) {
    const before = last.get(reporter)
    if (before !== undefined && before !== policy) changes.push({ day, reporter, before, after: policy })
    last.set(reporter, policy)
  }
  return changes
}
