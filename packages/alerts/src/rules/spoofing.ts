import { addDays, weekOf } from '../days.ts'
import type { DomainHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'
import { isNameless } from './new-sender.ts'

/** Weeks before that tell what is usual. */
const usualWeeks = 4

interface Week {
  messages: number
  sources: number
  senders: number
  largest: { name: string; messages: number }
}

/**
 * Mail that looks forged, comes from who was rejected, or from a bare address that never passes, summed up by week for a domain: one alert for a week in which it is much and
 * more than usual, however many addresses it came from. Weeks in a row are one wave, and told once.
 */
export const spoofing: DomainRule<
  'spoofing',
  'learnDays' | 'minimumMessages' | 'timesUsual',
  Pick<DomainHistory, 'senders' | 'firstDay'>
> = {
  rule: 'spoofing',
  settings: {
    learnDays: { default: 14, minimum: 0, maximum: 365, unit: 'days' },
    minimumMessages: { default: 50, minimum: 1, maximum: 10_000_000, unit: 'messages' },
    timesUsual: { default: 3, minimum: 1, maximum: 100, unit: 'times' },
  },
  tolerance: 6,
  decide({ senders, firstDay }, { learnDays, minimumMessages, timesUsual }) {
    const learnt = addDays(firstDay, learnDays)
    const weeks = weeklyForgeries(senders)
    const findings: Finding<'spoofing'>[] = []
    let lastWave: string | undefined
    for (const [monday, week] of [...weeks].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const before = Array.from({ length: usualWeeks }, (_, index) => weeks.get(addDays(monday, -7 * (index + 1)))?.messages ?? 0)
      const usual = before.reduce((sum, messages) => sum + messages, 0) / usualWeeks
      if (addDays(monday, 6) < learnt || week.messages < minimumMessages || week.messages < usual * timesUsual) continue
      const continues = lastWave !== undefined && lastWave >= addDays(monday, -7 * usualWeeks)
      lastWave = monday
      if (continues) continue
      const { messages, sources, senders: count, largest } = week
      findings.push({
        rule: 'spoofing',
        subject: 'domain',
        senderId: null,
        day: monday,
        facts: { from: monday, to: addDays(monday, 7), senders: count, sources, messages, largest: largest.name },
        isOver: false,
      })
    }
    return findings
  },
}

function weeklyForgeries(senders: DomainHistory['senders']): Map<string, Week> {
  const weeks = new Map<string, Week>()
  for (const sender of senders) {
    if (sender.state !== 'rejected' && !isNameless(sender)) continue
    const own = new Map<string, number>()
    for (const { day, messages, pass } of sender.days) {
      const monday = weekOf(day)
      own.set(monday, (own.get(monday) ?? 0) + messages - pass)
    }
    for (const [monday, messages] of own) {
      const week = weeks.get(monday) ?? { messages: 0, sources: 0, senders: 0, largest: { name: '', messages: -1 } }
      week.messages += messages
      week.sources += sender.sources
      week.senders += 1
      if (messages > week.largest.messages || (messages === week.largest.messages && sender.name < week.largest.name)) {
        week.largest = { name: sender.name, messages }
      }
      weeks.set(monday, week)
    }
  }
  return weeks
}
