import { addDays, median } from '../days.ts'
import type { DomainHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

const usualDays = 28
const pauseDays = 7

/** A day on which far more TLS sessions with a domain's mail servers failed than on the days before. */
export const tlsFailuresRise: DomainRule<
  'tls_failures_rise',
  'minimumSessions' | 'minimumShare' | 'timesUsual',
  Pick<DomainHistory, 'tls'>
> = {
  rule: 'tls_failures_rise',
  settings: {
    minimumSessions: { default: 10, minimum: 1, maximum: 100_000_000, unit: 'sessions' },
    minimumShare: { default: 0.02, minimum: 0, maximum: 1, unit: 'share' },
    timesUsual: { default: 3, minimum: 1.1, maximum: 1000, unit: 'times' },
  },
  tolerance: 6,
  decide({ tls }, { minimumSessions, minimumShare, timesUsual }) {
    const findings: Finding<'tls_failures_rise'>[] = []
    let lastHigh: string | undefined
    for (const { day, sessions, failed, resultType } of tls) {
      const before = tls.filter((it) => it.day < day && it.day >= addDays(day, -usualDays)).map((it) => it.failed)
      const usual = median(before)
      const isHigh = failed >= minimumSessions && failed >= sessions * minimumShare && failed >= usual * timesUsual
      if (before.length === 0 || !isHigh) continue
      const continues = lastHigh !== undefined && lastHigh >= addDays(day, -pauseDays)
      lastHigh = day
      if (continues) continue
      findings.push({
        rule: 'tls_failures_rise',
        subject: 'domain',
        senderId: null,
        day,
        facts: { failed, usual: Math.round(usual), sessions, resultType },
        isOver: false,
      })
    }
    return findings
  },
}
