import { mkdtempSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SeededRandom } from '../src/generate/random.ts'
import { readByContract } from '../testing/contract.ts'
import { mutate, type Seed } from '../testing/mutations.ts'
import { hasCorpus, loadSeeds } from './seeds.ts'
import { Watch } from './watch.ts'

/*
 * Changes reports at random and holds the reader to its promises: `npm run fuzz`. Each input follows from the seed and its number alone, so
 * that one that failed can be made again: `npm run fuzz -- --seed X --only N`.
 */

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    memory: { type: 'string', default: '1024' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
})
const { seed } = values

const print = (line: string) => process.stdout.write(`${line}\n`)

/** Writes a failing input to a file, and says how it is made again. */
function report(seeds: readonly [Seed, ...Seed[]], number: number, error: string): void {
  const { bytes, story } = mutate(seeds, new SeededRandom(seed, number))
  const file = join(mkdtempSync(join(tmpdir(), 'ruadar-fuzz-')), `input-${number}`)
  writeFileSync(file, bytes)
  print(`FAILED input ${number}: ${error}`)
  print(`  made of ${story.join(', ')}; kept as ${file}`)
  print(`  again: npm run fuzz -- --seed ${seed} --only ${number}`)
}

async function readOnly(number: number): Promise<boolean> {
  const seeds = await loadSeeds()
  const { bytes, story } = mutate(seeds, new SeededRandom(seed, number))
  print(`input ${number}: ${bytes.length} bytes, made of ${story.join(', ')}`)
  try {
    const start = performance.now()
    const outcomes = await readByContract(bytes, { sampleBodies: number % 2 === 0 })
    print(`${outcomes.join(', ')} in ${Math.round(performance.now() - start)} ms`)
    return true
  } catch (error) {
    report(seeds, number, error instanceof Error ? (error.stack ?? error.message) : String(error))
    return false
  }
}

async function readAll(inputs: number): Promise<boolean> {
  const seeds = await loadSeeds()
  print(`${inputs} inputs out of ${seeds.length}, seed ${seed}${hasCorpus() ? '' : '; the samples (../shared/corpus) are not there'}`)
  const watch = new Watch({
    seed,
    seeds,
    inputs,
    threads: Number(values.threads),
    seconds: Number(values.seconds),
    megabytes: Number(values.memory),
  })
  watch.on('failed', (number, error) => report(seeds, number, error))
  const { read, failures, outcomes, slowest, peakMegabytes, seconds } = await watch.run()
  for (const [code, count] of Object.entries(outcomes).toSorted(([, a], [, b]) => b - a)) print(`${String(count).padStart(9)}  ${code}`)
  print(`${read} inputs in ${Math.round(seconds)} s: ${Math.round(read / seconds)} inputs/s`)
  print(`slowest: ${Math.round(slowest.milliseconds)} ms (input ${slowest.number}); peak memory: ${peakMegabytes} MB`)
  print(failures === 0 ? 'all promises were kept' : `${failures} inputs failed`)
  return failures === 0 && read === inputs
}

const kept = values.only === undefined ? await readAll(Number(values.inputs)) : await readOnly(Number(values.only))
process.exitCode = kept ? 0 : 1
