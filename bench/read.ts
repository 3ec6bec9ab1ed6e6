// Reads one large generated report and prints the rate and the peak of memory: npx tsx --conditions=source bench/read.ts [records]
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readInput } from '../packages/reports/src/index.ts'
import { largeReport, writeAggregateChunks } from '../packages/reports/src/generate/index.ts'

const records = Number(process.argv[2] ?? 200_000)
const folder = await mkdtemp(join(tmpdir(), 'ruadar-bench-'))
try {
  const path = join(folder, 'report.xml')
  await pipeline(Readable.from(writeAggregateChunks(largeReport({ records }))), createWriteStream(path))
  const { size } = await stat(path)
  const before = process.memoryUsage().rss
  let peak = before
  let read = 0
  const started = performance.now()
  const cpu = process.cpuUsage()
  for await (const event of readInput({ size, open: () => createReadStream(path) }, { limits: { records } })) {
    if (event.type === 'rejected') throw new Error(event.reason.message)
    if (event.type === 'records') read += event.records.length
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - started) / 1000
  const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`
  console.log(`${read} records, ${mebibytes(size)} of XML in ${seconds.toFixed(1)} s: ${Math.round(read / seconds)} records/s`)
  // On a busy machine the processor time tells more than the clock.
  console.log(`processor time ${((user + system) / 1e6).toFixed(1)} s: ${Math.round(read / ((user + system) / 1e6))} records/s`)
  console.log(`memory before ${mebibytes(before)}, peak ${mebibytes(peak)}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
