// Reads generated reports without storing them and prints rates and the peak of memory: npm run bench:read -- [records] [mails]
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { startReaders } from '../services/ingest/src/reading/pool.ts'
import { fromBytes, readInput } from '../packages/reports/src/index.ts'
import { largeReport, writeAggregateChunks } from '../packages/reports/src/generate/index.ts'
import { smallMails } from './small-mails.ts'

const records = Number(process.argv[2] ?? 200_000)
const mailCount = Number(process.argv[3] ?? 5000)
const cores = availableParallelism()
const settings = { readers: cores, readSeconds: 600, readMemoryMb: 512, limits: {}, sampleBodies: false }
const folder = await mkdtemp(join(tmpdir(), 'ruadar-bench-'))

interface Read {
  reports: number
  records: number
  /** Of XML or mails. */
  bytes: number
}

/** Runs, and prints the rates by the clock and, for machines that are busy otherwise, the processor time. */
async function measure(what: string, run: () => Promise<Read>): Promise<void> {
  let peak = process.memoryUsage().rss
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20)
  const started = performance.now()
  const before = process.cpuUsage()
  const read = await run()
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  clearInterval(watch)
  const rate = (count: number) => Math.round(count / seconds)
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${rate(read.reports)} reports/s, ${rate(read.records)} records/s, ${(read.bytes / seconds / 1e6).toFixed(1)} MB/s, ` +
      `processor ${((user + system) / 1e6).toFixed(1)} s, peak of memory ${Math.round(peak / 1024 / 1024)} MiB`,
  )
}

async function readLarge(path: string): Promise<Read> {
  const { size } = await stat(path)
  let read = 0
  for await (const event of readInput({ size, open: () => createReadStream(path) }, {})) {
    if (event.type === 'rejected') throw new Error(event.reason.message)
    if (event.type === 'records') read += event.records.length
  }
  return { reports: 1, records: read, bytes: size }
}

async function readSmall(mails: readonly Buffer[]): Promise<Read> {
  const total = { reports: 0, records: 0, bytes: 0 }
  for (const mail of mails) {
    total.bytes += mail.length
    for await (const event of readInput(fromBytes(mail))) {
      if (event.type === 'report') total.reports++
      if (event.type === 'records') total.records += event.records.length
    }
  }
  return total
}

/** As the product reads: worker threads, rows made ready for the database. Packed reports, one to a core; mails in groups. */
async function onAllCores(packed: Buffer, xmlBytes: number, mails: readonly Buffer[]): Promise<void> {
  const readers = startReaders(settings)
  const receivedAt = 1_767_400_000
  try {
    const whole = async (): Promise<number> => {
      let rows = 0
      for await (const batch of readers.read({ raw: new Uint8Array(packed), receivedAt })) {
        for (const event of batch) if (event.type === 'records') rows += event.columns.rows
      }
      return rows
    }
    await measure(`${cores} cores, ${cores} reports of ${records} records in gzip`, async () => {
      const rows = await Promise.all(Array.from({ length: cores }, whole))
      return { reports: cores, records: rows.reduce((sum, it) => sum + it, 0), bytes: xmlBytes * cores }
    })
    await measure(`${cores} cores, ${mails.length} mails of 10 records`, async () => {
      const groups = Array.from({ length: Math.ceil(mails.length / 50) }, (_, index) => mails.slice(index * 50, index * 50 + 50))
      const answers = await Promise.all(groups.map((group) => readers.readMany(group.map((raw) => ({ raw, receivedAt })))))
      const events = answers.flat().flatMap((mail) => mail ?? [])
      const rows = events.reduce((sum, event) => sum + (event.type === 'records' ? event.columns.rows : 0), 0)
      const reports = events.filter(({ type }) => type === 'report').length
      return { reports, records: rows, bytes: mails.reduce((sum, mail) => sum + mail.length, 0) }
    })
  } finally {
    await readers.close()
  }
}

try {
  const path = join(folder, 'report.xml')
  for (const senders of [40, records]) {
    await pipeline(Readable.from(writeAggregateChunks(largeReport({ records, senders }))), createWriteStream(path))
    await measure(`1 core, ${records} records of ${senders} senders`, () => readLarge(path))
  }
  const mails = [...smallMails(mailCount)].map(({ mail }) => mail)
  await measure(`1 core, ${mailCount} mails of 10 records`, () => readSmall(mails))
  await pipeline(createReadStream(path), createGzip({ level: 1 }), createWriteStream(`${path}.gz`))
  await onAllCores(await readFile(`${path}.gz`), (await stat(path)).size, mails)
} finally {
  await rm(folder, { recursive: true, force: true })
}
