import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  update(done: number): void
  stop(): void
}

const lineEveryMs = 5000

/** A bar with rate and remaining time at a terminal; elsewhere a line now and then, for logs. */
export function startProgress(what: string, unit: string, total: () => number): Progress {
  const since = Date.now()
  const rate = (done: number) => Math.round(done / Math.max((Date.now() - since) / 1000, 0.001))
  if (!process.stderr.isTTY) {
    let last = Date.now()
    return {
      update(done) {
        if (Date.now() - last < lineEveryMs) return
        last = Date.now()
        process.stderr.write(`${what}: ${done} of ${total()} ${unit}, ${rate(done)} a second\n`)
      },
      stop: () => undefined,
    }
  }
  const bar = new SingleBar(
    { format: `${what} [{bar}] {value} of {total} ${unit}, {rate}/s, {eta_formatted} left`, etaBuffer: 100, clearOnComplete: true },
    Presets.shades_classic,
  )
  bar.start(Math.max(total(), 1), 0, { rate: 0 })
  return {
    update(done) {
      bar.setTotal(Math.max(total(), 1))
      bar.update(done, { rate: rate(done) })
    },
    stop: () => bar.stop(),
  }
}
