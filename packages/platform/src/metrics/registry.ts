import { collectDefaultMetrics, Registry } from 'prom-client'

/** Everything that this process counts, wherever in it. One for a process, as the numbers of Prometheus are. */
export const registry = new Registry()

let watchesProcess = false

/** Adds memory, CPU, event loop and garbage collection; asked for when somebody may scrape, since it costs timers. */
export function watchProcess(): void {
  if (watchesProcess) return
  watchesProcess = true
  collectDefaultMetrics({ register: registry })
}
