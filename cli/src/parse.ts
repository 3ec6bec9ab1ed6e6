import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type AggregateRecord, type ByteSource, type Limits, parseLimits, type ReadEvent, readInput } from '@ruadar/reports'
import { Command, InvalidArgumentError } from 'commander'
import { reportedFailure, reportedHead, reportedRecord, reportedTls } from './reported.ts'

/** Where lines go; `write` resolves when more may be written, so that a slow reader slows the parsing down. */
export interface Output {
  write(text: string): Promise<void>
  complain(sentence: string): void
}

export interface ParseOptions {
  totals?: boolean
  limit?: Partial<Limits>
}

/** `ruadar parse FILE…`: prints what reports say as NDJSON, without a database. */
export function parseCommand(): Command {
  return new Command('parse')
    .description('Read reports from files and print one JSON object per report (NDJSON); needs no database')
    .argument('<file...>', 'mails, archives or documents, told by their content; - is the standard input')
    .option('--totals', 'leave the records out')
    .option('--limit <name=value>', 'change a limit of the reader, e.g. records=1000000; may be given more than once', takeLimit, {})
    .action(async (files: string[], options: ParseOptions) => {
      if (!(await parseFiles(files, options, standardOutput()))) process.exitCode = 1
    })
}

function takeLimit(text: string, limits: Partial<Limits>): Partial<Limits> {
  try {
    return { ...limits, ...parseLimits(text) }
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** Parses files in order. False when one could not be read or something in it was rejected. */
export async function parseFiles(files: readonly string[], options: ParseOptions, output: Output): Promise<boolean> {
  let allGood = true
  for (const file of files) {
    try {
      const good = file === '-' ? await parseStandardInput(options, output) : await parseSource(file, fileSource(file), options, output)
      allGood &&= good
    } catch (error) {
      if (!isSystemError(error)) throw error
      allGood = false
      const message = `The file can not be read (${error.code}).`
      await output.write(`${JSON.stringify({ file, part: '', outcome: 'rejected', reason: { code: 'unreadable', message } })}\n`)
      output.complain(`${file}: ${message}`)
    }
  }
  return allGood
}

async function parseSource(file: string, source: ByteSource, options: ParseOptions, output: Output): Promise<boolean> {
  let good = true
  const printer = new ReportPrinter(file, options.totals !== true, output)
  for await (const event of readInput(source, options.limit ? { limits: options.limit } : {})) {
    if (event.type === 'rejected') good = false
    await printer.print(event)
  }
  return good
}

/** Writes each report as one line, piece by piece: the records of a large one must not be in memory together. */
class ReportPrinter {
  readonly #file: string
  readonly #withRecords: boolean
  readonly #output: Output
  #separator = ''

  constructor(file: string, withRecords: boolean, output: Output) {
    this.#file = file
    this.#withRecords = withRecords
    this.#output = output
  }

  async print(event: ReadEvent): Promise<void> {
    const file = this.#file
    if (event.type === 'report') {
      const head = JSON.stringify({ file, part: event.part, outcome: 'report', ...reportedHead(event.report) }).slice(0, -1)
      this.#separator = ''
      await this.#output.write(this.#withRecords ? `${head},"records":[` : head)
    } else if (event.type === 'records') {
      if (this.#withRecords) await this.#printRecords(event.records)
    } else if (event.type === 'end') {
      const end = JSON.stringify({ totals: event.totals, warnings: event.warnings }).slice(1)
      await this.#output.write(`${this.#withRecords ? ']' : ''},${end}\n`)
    } else if (event.type === 'failure' || event.type === 'tls') {
      const report = event.type === 'failure' ? reportedFailure(event.report) : reportedTls(event.report)
      await this.#output.write(`${JSON.stringify({ file, part: event.part, outcome: 'report', ...report })}\n`)
    } else {
      const { part, reason, type: outcome } = event
      await this.#output.write(`${JSON.stringify({ file, part, outcome, reason })}\n`)
      this.#output.complain(`${file}${part === '' ? '' : ` (${part})`}: ${reason.message}`)
    }
  }

  async #printRecords(records: readonly AggregateRecord[]): Promise<void> {
    const lines = records.map((it) => JSON.stringify(reportedRecord(it)))
    await this.#output.write(this.#separator + lines.join(','))
    this.#separator = ','
  }
}

function fileSource(path: string): ByteSource {
  return { size: null, open: () => createReadStream(path, { highWaterMark: 64 * 1024 }) }
}

/** A report is read twice, which the standard input does not allow: it goes to a temporary file first. */
async function parseStandardInput(options: ParseOptions, output: Output): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'ruadar-parse-'))
  try {
    const path = join(folder, 'input')
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }))
    return await parseSource('-', fileSource(path), options, output)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function standardOutput(): Output {
  // A reader that has seen enough (head, less) closes the pipe: no reason to complain.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  return {
    write: (text) => new Promise((resolve) => (process.stdout.write(text) ? resolve() : process.stdout.once('drain', resolve))),
    // File names may hold anything, also what a terminal would act on.
    complain: (sentence) => process.stderr.write(`${sentence.replaceAll(/\p{Cc}/gu, '?')}\n`),
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error
}
