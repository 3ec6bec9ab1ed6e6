import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'

/** Everything that this process counts, wherever in it. One for a process, as the numbers of Prometheus are. */
export const registry = new Registry()

/** A number that goes up and down. Its labels take values from lists in the code, or ids of what an operator set up. */
export const makeGauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> =>
  new Gauge({ name, help, labelNames, registers: [registry] })

let watchesProcess = false

/** Adds memory, CPU, event loop and garbage collection; asked for when somebody may scrape, since it costs timers. */
export function watchProcess(): void {
  if (watchesProcess) return
  watchesProcess = true
  collectDefaultMetrics({ register: registry })
}
