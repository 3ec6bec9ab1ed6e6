import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { type ReadEvent, ReportError } from '../report.ts'
import type { FoundDocument } from '../unpack/finding.ts'
import { collect } from '../unpack/budget.ts'
import { type DecodingNotes, decodeXml } from '../xml/encoding.ts'
import { parseJson } from './json-text.ts'
import { PolicyReader } from './policy.ts'
import { readTime } from '../time.ts'
import type { TlsReport } from './types.ts'
import { field, isFields, JsonValues } from './values.ts'

/**
 * Reads the SMTP TLS reports (RFC 8460) of a JSON document: one as a rule, or an array of them, of which each stands for itself and has
 * its number in `part`. `receivedAt`: UTC epoch seconds at which it came, where known. Throws a ReportError when the document cannot be used.
 */
export async function* readTls(document: FoundDocument, limits: Limits, receivedAt: number | null): AsyncGenerator<ReadEvent> {
  const bytes = await collect(document.source, limits, 'jsonBytes')
  const notes: DecodingNotes = { invalidUtf8: false, unknownCharset: null }
  let text = ''
  for await (const piece of decodeXml(Readable.from([bytes]), notes, document.charset)) text += piece
  const { root, text: written, members, hasHead, hasTail } = parseJson(text, limits)
  const packaging = document.warnings()
  const logOf = (): WarningLog => {
    const log = new WarningLog(limits)
    for (const code of packaging) log.add(code, '')
    if (notes.invalidUtf8) log.add('invalid_utf8', '')
    if (notes.unknownCharset !== null) log.add('unknown_charset', '', notes.unknownCharset)
    if (hasHead) log.add('text_before_document', '')
    if (hasTail) log.add('data_after_document', '')
    if (Array.isArray(root)) log.add('array_root', '')
    return log
  }
  if (!Array.isArray(root) || root.length < 2) {
    const report: unknown = Array.isArray(root) ? root[0] : root
    yield { type: 'tls', part: document.part, report: readReport(report, bytes, document, { limits, receivedAt, written, log: logOf() }) }
    return
  }
  if (root.length > limits.jsonReports) {
    const value = limits.jsonReports
    throw new ReportError({ code: 'limit', message: `The file holds more than ${value} reports.`, limit: { name: 'jsonReports', value } })
  }
  for (const [index, report] of root.entries()) {
    const part = `${document.part}:${index}`
    try {
      const member = members[index] ?? ''
      const context = { limits, receivedAt, written: member, log: logOf() }
      yield { type: 'tls', part, report: readReport(report, Buffer.from(member), document, context) }
    } catch (error) {
      if (!(error instanceof ReportError)) throw error
      yield { type: 'rejected', part, reason: error.reason }
    }
  }
}

interface Context {
  limits: Limits
  receivedAt: number | null
  /** The report as it is written. */
  written: string
  log: WarningLog
}

function readReport(root: unknown, bytes: Uint8Array, document: FoundDocument, { limits, receivedAt, written, log }: Context): TlsReport {
  if (!isFields(root)) throw new ReportError({ code: 'wrong_root', message: 'It is JSON, but no report.' })
  const values = new JsonValues(limits, log)
  const period = readPeriod(root, receivedAt, log)
  const organization = values.required(root, 'organization-name')
  const contact = values.text(root, 'contact-info')
  const reportId = exactNumber(root, written) ?? values.required(root, 'report-id')
  const policies = new PolicyReader(limits, log, document.tlsReportDomain).read(field(root, 'policies'))
  return {
    kind: 'tls',
    organization,
    contact,
    reportId,
    ...period,
    policies,
    reporter: (organization ?? contact?.split('@').at(-1) ?? document.senderDomain ?? '')
      .toLowerCase()
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    contentHash: createHash('sha256').update(bytes).digest('hex'),
    jsonBytes: bytes.length,
    warnings: log.list(),
  }
}

/** A report id that is a long number would be rounded, and so be that of another report. Null for all others. */
function exactNumber(root: unknown, written: string): string | null {
  const id = field(root, 'report-id')
  if (typeof id !== 'number' || Number.isSafeInteger(id)) return null
  return /"report-id"\s{0,20}:\s{0,20}(\d{16,400})\s{0,20}[,}]/.exec(written)?.[1] ?? null
}

function readPeriod(root: unknown, receivedAt: number | null, log: WarningLog): { begin: number; end: number } {
  const range = field(root, 'date-range')
  const [begin, end] = ['start-datetime', 'end-datetime'].map((name) => readTime(field(range, name), `date-range/${name}`, log))
  if (typeof begin !== 'number' || typeof end !== 'number' || begin > end) {
    throw new ReportError({ code: 'no_period', message: 'The report has no usable period.', where: 'date-range' })
  }
  // RFC 8460 4.1: one UTC day.
  if (end - begin > 2 * DAY) log.add('long_period', 'date-range', `${begin}-${end}`)
  if (begin === 0) log.add('period_at_epoch', 'date-range/start-datetime', String(begin))
  if (receivedAt !== null && end > receivedAt + DAY) log.add('period_in_future', 'date-range/end-datetime', String(end))
  return { begin, end }
}

const DAY = 86_400
