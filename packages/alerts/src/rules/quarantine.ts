import { addDays } from '../days.ts'
import type { DomainRule, Finding } from '../rule.ts'

const pauseDays = 3

/** Mails of a UTC day of the clock that could not be read. */
export interface UnreadDay {
  day: string
  mails: number
  /** Their most frequent reason. */
  code: string
}

/** Mails that could not be read. Days in a row are one trouble, and told once. */
export const quarantine: DomainRule<'quarantine', 'minimumMails', readonly UnreadDay[]> = {
  rule: 'quarantine',
  settings: { minimumMails: { default: 1, minimum: 1, maximum: 1_000_000, unit: 'mails' } },
  tolerance: 0,
  decide(days, { minimumMails }) {
    const findings: Finding<'quarantine'>[] = []
    let lastDay: string | undefined
    for (const { day, mails, code } of days) {
      if (mails < minimumMails) continue
      const continues = lastDay !== undefined && lastDay >= addDays(day, -pauseDays)
      lastDay = day
      if (continues) continue
      findings.push({ rule: 'quarantine', subject: 'mails', senderId: null, day, facts: { mails, code }, isOver: false })
    }
    return findings
  },
}
