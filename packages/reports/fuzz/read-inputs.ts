import { parentPort, workerData } from 'node:worker_threads'
import { SeededRandom } from '../src/generate/random.ts'
import { readByContract } from '../testing/contract.ts'
import { mutate } from '../testing/mutations.ts'
import { BEGUN, CURRENT, DONE, type Message, type Slowest, type Work } from './work.ts'

const { seed, seeds, first, step, end, progress } = workerData as Work
const counters = new Int32Array(progress)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
const send = (message: Message) => parentPort?.postMessage(message)

const outcomes: Record<string, number> = {}
const slowest: Slowest = { number: first, milliseconds: 0 }
Atomics.store(counters, BEGUN, 1)
for (let number = first; number < end; number += step) {
  const { bytes } = mutate(seeds, new SeededRandom(seed, number))
  Atomics.store(counters, CURRENT, number)
  const start = performance.now()
  try {
    for (const outcome of await readByContract(bytes, { sampleBodies: number % 2 === 0 })) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  } catch (error) {
    send({ type: 'failed', number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
  const milliseconds = performance.now() - start
  if (milliseconds > slowest.milliseconds) Object.assign(slowest, { number, milliseconds })
  Atomics.add(counters, DONE, 1)
}
send({ type: 'done', outcomes, slowest })
