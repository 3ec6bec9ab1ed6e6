import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { parseArgs } from 'node:util'
import { largeReport, writeAggregateChunks } from '../packages/reports/src/generate/index.ts'
import { startNode } from '../tests/harness/process.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { sumsOf } from './embedded.ts'
import { type Use, useOf } from './processes.ts'
import { smallMails } from './small-mails.ts'

/**
 * From files to committed rows with `ruadar import` on the embedded database: small mails of about 10 rows, one long report, several
 * long ones. Run it on a quiet machine, after `npm run build`: `npm run bench:import -- [--mails N] [--rows N] [--reports N]`.
 * The time of a start, taken with an import of one file, is subtracted. `--into FOLDER`: the small mails alone, into the store of a data
 * folder that bench:query left, besides an empty one.
 */
const { values } = parseArgs({
  options: { mails: { type: 'string' }, rows: { type: 'string' }, reports: { type: 'string' }, into: { type: 'string' } },
})
const mailCount = Number(values.mails ?? 5000)
const rowCount = values.into ? 0 : Number(values.rows ?? 1_000_000)
const reportCount = values.into ? 0 : Number(values.reports ?? 4)

interface Run {
  seconds: number
  use: Use
}

async function runImport(dataDir: string, path: string): Promise<Run> {
  const since = performance.now()
  const running = startNode('cli/bin/ruadar.js', ['import', path], { RUADAR_DATA_DIR: dataDir, RUADAR_LOG_LEVEL: 'warn' })
  let use: Use = { node: 0, postgres: 0, peak: 0 }
  const watch = setInterval(() => {
    const now = useOf(running.child.pid ?? 0, dataDir)
    if (now) use = { node: now.node, postgres: Math.max(now.postgres, use.postgres), peak: Math.max(now.peak, use.peak) }
  }, 100)
  await new Promise((resolve) => running.child.once('close', resolve))
  clearInterval(watch)
  if (running.child.exitCode !== 0) throw new Error(running.output())
  return { seconds: (performance.now() - since) / 1000, use }
}

interface Expected {
  mails: number
  rows: number
  messages: number
}

/** Imports one folder into a fresh database, or into that of a data folder, and checks the sums. */
async function measure(what: string, folder: string, expected: Expected, into?: string): Promise<void> {
  const dataDir = into ?? makeDataDir()
  try {
    const warm = join(folder, '..', 'warm.txt')
    writeFileSync(warm, `From: a@example.com\nSubject: hello ${Date.now()}\n\nhello\n`)
    await runImport(dataDir, warm)
    writeFileSync(warm, `From: a@example.com\nSubject: hello again ${Date.now()}\n\nhello\n`)
    const start = await runImport(dataDir, warm)
    const before = await sumsOf(dataDir)
    const { seconds, use } = await runImport(dataDir, folder)
    const net = seconds - start.seconds
    const sums = await sumsOf(dataDir)
    const exact = sums.messages - before.messages === expected.messages && sums.rows - before.rows === expected.rows
    const rate = (count: number) => `${Math.round(count / net)}/s`
    console.log(
      `${what}: ${net.toFixed(1)} s (and ${start.seconds.toFixed(1)} s to start), ${rate(expected.mails)} files, ${rate(expected.rows)} rows, ` +
        `processor ${(use.node - start.use.node).toFixed(1)} s and PostgreSQL ${(use.postgres - start.use.postgres).toFixed(1)} s, ` +
        `peak ${Math.round(use.peak)} MiB, totals ${exact ? 'exact' : `WRONG ${JSON.stringify(sums)}`}`,
    )
  } finally {
    if (!into) rmSync(dataDir, { recursive: true, force: true })
  }
}

async function importMails(root: string, into?: string): Promise<void> {
  const folder = join(root, into ? 'further-mails' : 'mails')
  mkdirSync(folder)
  let messages = 0
  let index = 0
  for (const small of smallMails(mailCount, into ? `${Date.now()}-` : '')) {
    messages += small.messages
    writeFileSync(join(folder, `${String(index++).padStart(6, '0')}.eml`), small.mail)
  }
  await measure(
    `${mailCount} mails of 10 rows${into ? ` into ${into}` : ''}`,
    folder,
    { mails: mailCount, rows: mailCount * 10, messages },
    into,
  )
}

async function longReports(root: string, count: number, rows: number, senders: number): Promise<void> {
  const folder = join(root, `reports-${count}-${senders}`)
  mkdirSync(folder)
  let messages = 0
  for (let index = 0; index < count; index++) {
    const content = largeReport({ records: rows, senders, seed: index + 1, domain: `d${index}.example` })
    for (const record of content.records) messages += record.count
    const chunks = Readable.from(writeAggregateChunks(content))
    await pipeline(chunks, createGzip({ level: 1 }), createWriteStream(join(folder, `report-${index}.xml.gz`)))
  }
  await measure(`${count} × ${rows} rows, ${senders} senders`, folder, { mails: count, rows: count * rows, messages })
}

const root = mkdtempSync(join(tmpdir(), 'ruadar-bench-'))
try {
  if (mailCount > 0) await importMails(root)
  if (values.into) await importMails(root, values.into)
  if (rowCount > 0) await longReports(root, 1, rowCount, 40)
  if (reportCount > 0) await longReports(root, reportCount, Math.round(rowCount / reportCount), 40)
} finally {
  rmSync(root, { recursive: true, force: true })
}
