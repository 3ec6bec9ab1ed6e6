import { addDays, median } from '../days.ts'
import type { DomainHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

const usualDays = 28
/** Days of history that it takes to know what is usual. */
const leastHistory = 7
/** A rise this soon after the last day of another is the same one. */
const pauseDays = 7

/** A day on which far more of a domain's mail fails than the days before had. */
export const failingRise: DomainRule<'failing_rise', 'minimumMessages' | 'timesUsual', Pick<DomainHistory, 'days'>> = {
  rule: 'failing_rise',
  settings: {
    minimumMessages: { default: 100, minimum: 1, maximum: 100_000_000, unit: 'messages' },
    timesUsual: { default: 3, minimum: 1.1, maximum: 1000, unit: 'times' },
  },
  tolerance: 6,
  decide({ days }, { minimumMessages, timesUsual }) {
    const findings: Finding<'failing_rise'>[] = []
    let lastHigh: string | undefined
    for (const { day, messages, pass } of days) {
      const before = days.filter((it) => it.day < day && it.day >= addDays(day, -usualDays)).map((it) => it.messages - it.pass)
      if (before.length < leastHistory) continue
      const failing = messages - pass
      const usual = median(before)
      if (failing < minimumMessages || failing < usual * timesUsual) continue
      const continues = lastHigh !== undefined && lastHigh >= addDays(day, -pauseDays)
      lastHigh = day
      if (continues) continue
      findings.push({
        rule: 'failing_rise',
        subject: 'domain',
        senderId: null,
        day,
        facts: { failing, usual: Math.round(usual), messages },
        isOver: false,
      })
    }
    return findings
  },
}
