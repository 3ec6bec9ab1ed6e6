// Reads one large generated report and prints the rate and the peak of memory: npm run bench:read -- [records]
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readInput } from '../packages/reports/src/index.ts'
import { largeReport, writeAggregateChunks } from '../packages/reports/src/generate/index.ts'

const records = Number(process.argv[2] ?? 200_000)
const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`

/** Writes a report with so many senders, reads it, and prints a line. */
async function measure(senders: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ruadar-bench-'))
  try {
    const path = join(folder, 'report.xml')
    await pipeline(Readable.from(writeAggregateChunks(largeReport({ records, senders }))), createWriteStream(path))
    const { size } = await stat(path)
    let peak = process.memoryUsage().rss
    let read = 0
    const started = performance.now()
    const cpu = process.cpuUsage()
    for await (const event of readInput({ size, open: () => createReadStream(path) }, { limits: { records } })) {
      if (event.type === 'rejected') throw new Error(event.reason.message)
      if (event.type === 'records') read += event.records.length
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    const seconds = (performance.now() - started) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const busy = (user + system) / 1e6
    // On a busy machine the processor time tells more than the clock.
    console.log(
      `${read} records of ${senders} senders, ${mebibytes(size)} of XML: ${seconds.toFixed(1)} s (${Math.round(read / seconds)}/s), ` +
        `processor ${busy.toFixed(1)} s (${Math.round(read / busy)}/s), peak of memory ${mebibytes(peak)}`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

await measure(40)
await measure(records)
