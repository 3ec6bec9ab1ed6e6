import { setTimeout as sleep } from 'node:timers/promises'
import { watchClock } from './clock-watch.ts'
import { createLog, type Log } from './log.ts'
import { describeError, OperatorError } from './operator-error.ts'
import { describeCause, findCause } from './outage.ts'
import { loadSettings, type Settings } from './settings/load.ts'

export interface Service {
  settings: Settings
  log: Log
  /** Registers what has to be closed at the end; the last that was opened is closed first. */
  onClose(close: () => Promise<unknown>): void
  /** Registers who may know why a server went away, as the end of a sentence; null: it does not. */
  onAway(explain: () => string | null): void
}

/** Ctrl-C has to have stopped everything by then. */
const closeWithinMs = 9500
/** What is closed before the last may take so much of it together: a server that is away must not keep our own from stopping. */
const drainWithinMs = 6000
/** `npm start` passes on the Ctrl-C that the terminal has sent to us already: a second signal so soon is no second wish. */
const sameWishMs = 2000

/**
 * Runs a process from settings to its end. `open` opens things and returns when all runs, or returns an exit code when the
 * work is done; then, or at a signal, all is closed in reverse order. Whatever goes wrong becomes one sentence on stderr and
 * exit code 1. A second signal ends the process at once.
 */
export async function runService(name: string, open: (service: Service) => Promise<number | undefined>): Promise<void> {
  const closers: (() => Promise<unknown>)[] = []
  const explainers: (() => string | null)[] = []
  let log: Log | undefined
  let closing: { since: number } | undefined
  const close = async (exitCode: number) => {
    if (closing) {
      if (performance.now() - closing.since > sameWishMs) process.exit(exitCode || 1)
      return
    }
    closing = { since: performance.now() }
    const done = closeAll(closers, log)
    const late = sleep(closeWithinMs, 'late' as const, { ref: false })
    if ((await Promise.race([done, late])) === 'late') {
      log?.error(`not everything could be stopped within ${closeWithinMs / 1000} s`)
      process.exit(1)
    }
    process.exit(exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close(0))
  const fail = (error: unknown) => {
    if (closing) {
      // What still runs while it loses what it works with; it must not cut short the end, as a second signal does.
      log?.debug({ err: error }, 'an error while closing')
      return
    }
    const cause = error instanceof OperatorError ? null : findCause(error)
    if (log && !cause && !(error instanceof OperatorError)) log.fatal({ err: error }, 'unexpected error')
    const why = cause?.kind === 'away' ? explainers.map((explain) => explain()).find((reason) => reason !== null) : null
    process.stderr.write(`${why ? `The database ended: ${why}.` : cause ? describeCause(cause) : describeError(error)}\n`)
    void close(1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)
  try {
    const settings = loadSettings()
    log = createLog(settings, name)
    watchClock(log)
    for (const variable of settings.unknown) log.warn(`${variable} is not a setting of this version and changes nothing`)
    const exitCode = await open({ settings, log, onClose: (closer) => closers.push(closer), onAway: (explain) => explainers.push(explain) })
    if (exitCode !== undefined) await close(exitCode)
  } catch (error) {
    fail(error)
  }
}

async function closeAll(closers: (() => Promise<unknown>)[], log: Log | undefined): Promise<void> {
  const until = performance.now() + drainWithinMs
  for (let closer = closers.pop(); closer; closer = closers.pop()) {
    try {
      const done = closer()
      const isLast = closers.length === 0
      if (isLast) await done
      else if ((await Promise.race([done, sleep(Math.max(until - performance.now(), 200), 'late' as const)])) === 'late') {
        log?.warn('something takes too long to close; the rest is closed without it')
      }
    } catch (error) {
      log?.warn({ err: error }, 'something could not be closed properly')
    }
  }
}
