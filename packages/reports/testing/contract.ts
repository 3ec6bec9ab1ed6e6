import { createHash } from 'node:crypto'
import type { AggregateHead, AggregateRecord, AggregateTotals } from '../src/aggregate/types.ts'
import { defaultLimits } from '../src/limits.ts'
import { openPart } from '../src/part.ts'
import { type ReadOptions, readInput } from '../src/read.ts'
import type { ReadEvent, Warning } from '../src/report.ts'
import { fromBytes } from '../src/source.ts'

const limits = defaultLimits
// Parts are opened again only where that costs little.
const REOPENED_BYTES = 64 * 1024

/** What one input came to: the codes of what is no report, and the kinds of what is. */
export type Outcome = string

class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'
}

function promise(kept: boolean, sentence: string, value?: unknown): void {
  if (!kept) throw new BrokenPromise(value === undefined ? sentence : `${sentence}: ${JSON.stringify(value).slice(0, 300)}`)
}

/**
 * Reads an input and holds the reader to all that it promises, whatever the input is: the order of events, sums, limits, texts that a
 * database takes, parts that are found again. Throws when one promise is broken, or the reader threw.
 */
export async function readByContract(bytes: Uint8Array, options: ReadOptions = {}): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let open: OpenReport | null = null
  for await (const event of readInput(fromBytes(bytes), options)) {
    if (event.type === 'records' || event.type === 'end') {
      promise(open !== null, `${event.type} without a report before it`)
      if (event.type === 'records') open?.add(event.records)
      else {
        open?.end(event.totals, event.warnings)
        open = null
      }
      continue
    }
    promise(open === null, 'a report without an end')
    outcomes.push(event.type === 'ignored' || event.type === 'rejected' ? event.reason.code : event.type)
    if (event.type === 'report') open = new OpenReport(event.report)
    await checkEvent(event, bytes)
  }
  promise(open === null, 'a report without an end')
  promise(outcomes.length > 0, 'nothing is said of the input')
  return outcomes
}

async function checkEvent(event: Exclude<ReadEvent, { type: 'records' | 'end' }>, bytes: Uint8Array): Promise<void> {
  promise(/^[a-z]+(?::\d+)?(?:>[a-z]+(?::\d+)?)*$/.test(event.part), 'a part that is no address', event.part)
  if (event.type === 'ignored' || event.type === 'rejected') {
    const { code, message, where = '' } = event.reason
    promise(/^[a-z_]+$/.test(code) && /^[A-Z][^\n]{5,300}\.$/.test(message) && where.length < 200, 'a reason that is none', event.reason)
    return
  }
  if (event.type === 'report') {
    checkTexts(event.report, limits.textChars)
    checkPeriod(event.report)
    await checkPart(bytes, event.part, event.report.xmlHash)
    return
  }
  checkWarnings(event.report.warnings)
  if (event.type === 'tls') {
    const { report, part } = event
    // These three are facts as they came, control characters and all; the store takes them out.
    const { organization, contact, reportId, ...rest } = report
    for (const text of [organization, contact, reportId]) checkTexts(text?.replaceAll('\0', '') ?? null, limits.textChars)
    checkTexts(rest, limits.textChars)
    checkPeriod(report)
    const counts = report.policies.flatMap((it) => [it.successful, it.failed, ...it.failureDetails.map((detail) => detail.failedSessions)])
    promise(counts.every(isCount), 'sessions that are no count', counts)
    promise(isCount(report.policies.reduce((sum, it) => sum + it.successful + it.failed, 0)), 'a sum that is not exact')
    // A report of an array has no bytes of its own.
    if (!/:\d+$/.test(part)) await checkPart(bytes, part, report.contentHash)
    return
  }
  const { report, reduced } = event
  checkTexts({ ...report, original: { ...report.original, body: null } }, limits.fieldChars)
  checkTexts(report.original.body, limits.sampleBodyChars)
  promise(report.original.headers.length <= limits.sampleHeaders, 'more headers than the limit')
  promise(Number.isInteger(report.incidents) && report.incidents >= 1, 'incidents that are none', report.incidents)
  if (reduced !== null) await checkReduced(reduced, report.contentHash)
}

/** The mail without the body gives the same report: otherwise a second copy of it would be counted again. */
async function checkReduced(reduced: Uint8Array, hash: string): Promise<void> {
  const found: ReadEvent[] = []
  for await (const event of readInput(fromBytes(reduced))) found.push(event)
  const [event] = found
  promise(found.length === 1 && event?.type === 'failure' && event.report.contentHash === hash, 'a reduced mail with another report', event)
}

async function checkPart(bytes: Uint8Array, part: string, hash: string): Promise<void> {
  if (bytes.length > REOPENED_BYTES) return
  const digest = createHash('sha256')
  for await (const chunk of openPart(fromBytes(bytes), part)) digest.update(chunk)
  promise(digest.digest('hex') === hash, 'a part that is another one when it is opened again', part)
}

function checkPeriod({ begin, end }: { begin: number; end: number }): void {
  promise(Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin >= 0 && begin <= end, 'a period that is none', [begin, end])
}

function checkWarnings(warnings: readonly Warning[]): void {
  promise(warnings.length <= limits.warnings + 1, 'more warnings than the limit')
  checkTexts(warnings, 200)
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** No text is longer than its limit, and none has what a database refuses. */
function checkTexts(value: unknown, limit: number): void {
  if (typeof value === 'string') {
    promise(value.length <= limit, `a text longer than ${limit}`, value.slice(0, 100))
    promise(!value.includes('\0') && !/\p{Cs}/u.test(value), 'a text that a database refuses', value.slice(0, 100))
  } else if (Array.isArray(value)) for (const it of value) checkTexts(it, limit)
  else if (typeof value === 'object' && value !== null) for (const it of Object.values(value)) checkTexts(it, limit)
}

/** An aggregate report while its records come. */
class OpenReport {
  readonly #sums = { records: 0, messages: 0, dmarcPass: 0 }
  readonly #disposition = new Map<string, number>()
  readonly #sources = new Set<string>()

  constructor(head: AggregateHead) {
    promise(head.policy.domain !== '', 'a report without a Policy Domain')
  }

  add(records: readonly AggregateRecord[]): void {
    promise(records.length > 0 && records.length <= limits.batchRecords, 'a batch that is empty or too long', records.length)
    for (const record of records) {
      promise(isCount(record.count), 'a count that is none', record.count)
      checkTexts(record, limits.textChars)
      const { dkim, spf } = record.auth
      promise(Math.max(dkim.length, spf.length, record.reasons.length) <= limits.listItems, 'a list longer than the limit')
      this.#sums.records++
      this.#sums.messages += record.count
      if (record.dkim === 'pass' || record.spf === 'pass') this.#sums.dmarcPass += record.count
      this.#disposition.set(record.disposition, (this.#disposition.get(record.disposition) ?? 0) + record.count)
      const source = record.sourceIp ?? record.sourceText
      if (source !== null) this.#sources.add(source)
    }
  }

  end(totals: AggregateTotals, warnings: readonly Warning[]): void {
    checkWarnings(warnings)
    const { records, messages, dmarcPass } = this.#sums
    promise(totals.records === records && totals.messages === messages && totals.dmarcPass === dmarcPass, 'totals that are no sums', totals)
    promise(totals.sources === this.#sources.size, 'another number of sources', totals)
    for (const [name, sum] of Object.entries(totals.disposition)) promise(sum === (this.#disposition.get(name) ?? 0), 'another sum', totals)
    promise(isCount(messages), 'a sum that is not exact', messages)
  }
}
