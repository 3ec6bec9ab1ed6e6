import { addDays, daysBetween, median } from '../days.ts'
import type { DomainHistory, ReporterHistory } from '../history.ts'
import type { DomainRule, Finding } from '../rule.ts'

/** Reports that it takes to know how often a reporter writes, and how far back they are looked for. */
const leastReports = 10
const lookBackDays = 60
/** Who fell silent longer ago than this is history, and no news. */
const oldDays = 45

type Names = 'silentDays' | 'timesUsual'

/**
 * No more reports about a domain: of all reporters by the clock, or of one while others go on. How long is long depends on how often
 * it reported before. A domain of little mail has gaps of its own, and the cause says so.
 */
export const reportsStop: DomainRule<
  'reports_stop',
  Names,
  Pick<DomainHistory, 'reporters' | 'today' | 'mailboxFails' | 'ruaPublished' | 'days'>
> = {
  rule: 'reports_stop',
  settings: {
    silentDays: { default: 3, minimum: 1, maximum: 60, unit: 'days' },
    timesUsual: { default: 4, minimum: 1, maximum: 100, unit: 'times' },
  },
  tolerance: 2,
  decide(history, settings) {
    const { reporters, today } = history
    const all = [...new Set(reporters.flatMap(({ days }) => days))].sort()
    const lastDay = all.at(-1)
    if (lastDay === undefined) return []
    const domain = silence({ reporter: '', days: all }, today, settings)
    if (domain) return isNews(lastDay, today) ? [finding(null, domain, causeOf(history, domain.gap))] : []
    // A report about a day comes on the next: only what others have told by then counts as silence of one.
    return reporters.flatMap((reporter) => {
      const silent = silence(reporter, addDays(lastDay, 1), settings)
      return silent && isNews(silent.lastDay, today) ? [finding(reporter.reporter, silent, silent.gap > 2 ? 'low_volume' : 'unknown')] : []
    })
  },
}

interface Silence {
  lastDay: string
  silentDays: number
  /** Usual days from one report to the next. */
  gap: number
}

function silence({ days }: ReporterHistory, until: string, { silentDays, timesUsual }: Readonly<Record<Names, number>>): Silence | null {
  const recent = days.filter((day) => day >= addDays(until, -lookBackDays))
  const lastDay = recent.at(-1)
  if (lastDay === undefined || recent.length < leastReports) return null
  const gaps = recent.slice(1).map((day, index) => daysBetween(recent[index] ?? day, day))
  const gap = Math.max(median(gaps), Math.max(...gaps) / 2)
  // The report about yesterday has not come yet: two days without one are no silence.
  const silent = daysBetween(lastDay, until) - 1
  return silent > silentDays && silent >= gap * timesUsual ? { lastDay, silentDays: silent, gap } : null
}

const isNews = (lastDay: string, today: string): boolean => daysBetween(lastDay, today) <= oldDays

function causeOf({ mailboxFails, ruaPublished, days }: Pick<DomainHistory, 'mailboxFails' | 'ruaPublished' | 'days'>, gap: number) {
  if (mailboxFails) return 'mailbox'
  if (ruaPublished === false) return 'record'
  const perDay = median(days.slice(-30).map(({ messages }) => messages))
  return gap > 2 || perDay < 5 ? 'low_volume' : 'unknown'
}

function finding(
  reporter: string | null,
  { lastDay, silentDays }: Silence,
  cause: 'mailbox' | 'record' | 'low_volume' | 'unknown',
): Finding<'reports_stop'> {
  return {
    rule: 'reports_stop',
    subject: reporter === null ? 'domain' : `reporter:${reporter}`,
    senderId: null,
    day: lastDay,
    facts: { reporter, lastDay, silentDays, cause },
    isOver: false,
  }
}
