import type { Log } from './log.ts'

const everyMs = 1_000
/** Smaller steps are those of a clock that is kept right. */
const stepMs = 60_000

/** Says in a line when the clock of the machine is set; everything that only waits goes by the clock that nobody can set. */
export function watchClock(log: Log): void {
  const readOffset = () => Date.now() - performance.now()
  let offset = readOffset()
  const timer = setInterval(() => {
    const step = readOffset() - offset
    offset += step
    if (Math.abs(step) < stepMs) return
    const seconds = Math.round(Math.abs(step) / 1000)
    const direction = step < 0 ? 'back' : 'forward, or it was asleep'
    log.warn({ seconds }, `the clock of this machine was set ${direction}`)
  }, everyMs)
  timer.unref()
}
