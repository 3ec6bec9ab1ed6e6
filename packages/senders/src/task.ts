/** What one reporter saw of one sender's mail of a domain on one UTC day. */
export interface ReportedDay {
  /** YYYY-MM-DD. */
  day: string
  reporter: string
  /** Messages that passed and failed DMARC. */
  pass: number
  fail: number
}

/** A repair that is to be done (open) or was done (closed), and since which day. */
export interface Task {
  state: 'open' | 'closed'
  since: string
}

/** Failing messages of a day that are no failure of the set-up: forwarded mail, temporary errors. */
const handful = { messages: 5, share: 0.05 }
/** So many reporters have to see aligned passes before a repair counts as done: one can be wrong, or see a part of the mail only. */
const severalReporters = 2

/**
 * Follows a failure through the days on which its mail was reported. It opens with the first bad day, closes on the day on which two
 * reporters (or the only one there is since it opened) have seen aligned passes since the last bad day, and opens again when bad days
 * bring more than a handful of failing messages, or two reporters say so. Days without mail say nothing. Null: never a bad day.
 * A function of the whole list: in which order reports came, and how often this is asked, changes nothing.
 */
export function taskOf(days: readonly ReportedDay[]): Task | null {
  let task: Task | null = null
  const seenSinceOpened = new Set<string>()
  // The run of days, good while the task is open and bad while it is closed, that may turn it.
  let run = { since: '', messages: 0, reporters: new Set<string>() }
  const endRun = () => {
    run = { since: '', messages: 0, reporters: new Set() }
  }
  for (const { day, reports, isBad } of byDay(days)) {
    if (task === null && !isBad) continue
    if (task === null) task = { state: 'open', since: day }
    const turns = task.state === 'open' ? !isBad : isBad
    if (task.state === 'open') for (const { reporter } of reports) seenSinceOpened.add(reporter)
    if (!turns) {
      endRun()
      continue
    }
    if (run.since === '') run.since = day
    for (const { reporter, pass, fail } of reports) {
      const telling = isBad ? fail : pass
      if (telling === 0) continue
      run.messages += telling
      run.reporters.add(reporter)
    }
    if (task.state === 'open') {
      if (run.reporters.size < Math.min(severalReporters, seenSinceOpened.size)) continue
      task = { state: 'closed', since: day }
    } else {
      if (run.messages <= handful.messages && run.reporters.size < severalReporters) continue
      task = { state: 'open', since: run.since }
      seenSinceOpened.clear()
      for (const reporter of run.reporters) seenSinceOpened.add(reporter)
    }
    endRun()
  }
  return task
}

interface Day {
  day: string
  reports: ReportedDay[]
  isBad: boolean
}

function byDay(days: readonly ReportedDay[]): Day[] {
  const found = new Map<string, ReportedDay[]>()
  for (const it of days) {
    if (it.pass + it.fail === 0) continue
    const reports = found.get(it.day)
    if (reports) reports.push(it)
    else found.set(it.day, [it])
  }
  return [...found].map(([day, reports]) => ({ day, reports, isBad: isBad(reports) })).toSorted((a, b) => (a.day < b.day ? -1 : 1))
}

function isBad(reports: readonly ReportedDay[]): boolean {
  const pass = reports.reduce((sum, it) => sum + it.pass, 0)
  const fail = reports.reduce((sum, it) => sum + it.fail, 0)
  if (pass === 0) return fail > 0
  return fail > handful.messages && fail / (pass + fail) > handful.share
}
