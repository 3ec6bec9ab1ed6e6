import { EventEmitter } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Seed } from '../testing/mutations.ts'
import { BEGUN, CURRENT, DONE, type Message, type Slowest, type Work } from './work.ts'

export interface WatchOptions {
  seed: string
  seeds: [Seed, ...Seed[]]
  inputs: number
  threads: number
  /** An input that takes longer hangs. */
  seconds: number
  /** Memory of the whole process. */
  megabytes: number
}

export interface Result {
  read: number
  failures: number
  /** How often each came out: a kind of report, or the code of a reason. */
  outcomes: Record<string, number>
  slowest: Slowest
  peakMegabytes: number
  seconds: number
}

const MiB = 1024 * 1024
const LOOK_EVERY_MS = 200
// More is no use: one cause as a rule fails many.
const MAX_FAILURES = 20

/** Runs the inputs in threads and looks after them: what hangs or dies is told as `failed` and passed over. */
export class Watch extends EventEmitter<{ failed: [number: number, error: string] }> {
  readonly #options: WatchOptions
  readonly #result: Result
  #stop = false

  constructor(options: WatchOptions) {
    super()
    this.#options = options
    this.#result = { read: 0, failures: 0, outcomes: {}, slowest: { number: 0, milliseconds: 0 }, peakMegabytes: 0, seconds: 0 }
  }

  async run(): Promise<Result> {
    const { threads } = this.#options
    const start = performance.now()
    await Promise.all(Array.from({ length: threads }, (_, index) => this.#runThread(index)))
    this.#result.seconds = (performance.now() - start) / 1000
    return this.#result
  }

  #fail(number: number, error: string): void {
    this.emit('failed', number, error)
    if (++this.#result.failures >= MAX_FAILURES) this.#stop = true
  }

  async #runThread(first: number): Promise<void> {
    const { seed, seeds, threads, inputs } = this.#options
    // After a thread was lost another takes its place behind the input that it was lost with.
    for (let next = first; next < inputs && !this.#stop; ) {
      const progress = new SharedArrayBuffer(12)
      const counters = new Int32Array(progress)
      Atomics.store(counters, CURRENT, next)
      const error = await this.#watchThread({ seed, seeds, first: next, step: threads, end: inputs, progress })
      this.#result.read += Atomics.load(counters, DONE)
      const current = Atomics.load(counters, CURRENT)
      if (error !== null) {
        this.#result.read++
        this.#fail(current, error)
      } else if (!this.#stop) return
      next = current + threads
    }
  }

  /** Null when the thread came to its end, otherwise what was wrong with the input that it read last. */
  #watchThread(work: Work): Promise<string | null> {
    const { seconds, megabytes } = this.#options
    const counters = new Int32Array(work.progress)
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: megabytes / this.#options.threads },
    })
    return new Promise((resolve) => {
      let last = -1
      let since = performance.now()
      const end = (error: string | null) => {
        clearInterval(timer)
        void worker.terminate()
        resolve(error)
      }
      const timer = setInterval(() => {
        const memory = Math.round(process.memoryUsage().rss / MiB)
        this.#result.peakMegabytes = Math.max(this.#result.peakMegabytes, memory)
        const done = Atomics.load(counters, DONE)
        if (done !== last || Atomics.load(counters, BEGUN) === 0) since = performance.now()
        last = done
        if (memory > megabytes) end(`the process has ${memory} MB of memory, more than ${megabytes}`)
        else if (performance.now() - since > seconds * 1000) end(`it takes longer than ${seconds} s`)
        else if (this.#stop) end(null)
      }, LOOK_EVERY_MS)
      worker.on('message', (message: Message) => {
        if (message.type === 'failed') this.#fail(message.number, message.error)
        else {
          this.#add(message)
          end(null)
        }
      })
      worker.on('error', (error) => end(`the thread died: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`))
    })
  }

  #add({ outcomes, slowest }: Extract<Message, { type: 'done' }>): void {
    for (const [code, count] of Object.entries(outcomes)) this.#result.outcomes[code] = (this.#result.outcomes[code] ?? 0) + count
    if (slowest.milliseconds > this.#result.slowest.milliseconds) this.#result.slowest = slowest
  }
}
