import type { Limits } from '../limits.ts'
import { type Reason, type ReasonCode, ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'
import { Budget } from './budget.ts'
import { peek } from './chunk-reader.ts'
import { gzipContent, mailContents, zipContents, zlibContent } from './layers.ts'
import { type Format, mentionsFeedback, mentionsTlsReport, SNIFF_BYTES, sniff } from './sniff.ts'

/** One thing found in an input: a document to be read, or why something in it is none. `part` is its address. */
export type Finding = FoundDocument | { type: 'rejected' | 'ignored'; part: string; reason: Reason }

export interface FoundDocument {
  type: 'document'
  format: 'xml' | 'json'
  part: string
  source: ByteSource
  senderDomain: string | null
  /** What the mail says an SMTP TLS report is about, in its header or else in the file name. Hostile text. */
  tlsReportDomain: string | null
  warnings: () => readonly string[]
}

/** Where the walk is. */
interface Place {
  steps: readonly string[]
  layers: number
  mails: number
  senderDomain: string | null
  tlsReportDomain: string | null
  /** Warnings of each wrapping around it; they come while its content is being read. */
  notes: readonly Notes[]
}

type Notes = Set<string>

/** Takes an input apart, whatever it is wrapped in, and yields what it holds in order. One part that fails does not end the walk. */
export async function* unpack(source: ByteSource, limits: Limits): AsyncGenerator<Finding> {
  yield* new Walk(limits).visit(source, { steps: [], layers: 0, mails: 0, senderDomain: null, tlsReportDomain: null, notes: [] })
}

class Walk {
  readonly #limits: Limits
  readonly #budget: Budget

  constructor(limits: Limits) {
    this.#limits = limits
    this.#budget = new Budget(limits)
  }

  async *visit(source: ByteSource, place: Place): AsyncGenerator<Finding> {
    let format: Format | null = null
    try {
      const head = await peek(source.open(), SNIFF_BYTES)
      format = sniff(head)
      yield* this.#open(format, head, source, place)
    } catch (error) {
      if (!(error instanceof ReportError)) throw error
      yield { type: 'rejected', part: address(place, format), reason: error.reason }
    }
  }

  async *#open(format: Format, head: Uint8Array, source: ByteSource, place: Place): AsyncGenerator<Finding> {
    const found = (type: 'rejected' | 'ignored', code: ReasonCode, message: string): Finding => ({
      type,
      part: address(place, format),
      reason: { code, message },
    })
    switch (format) {
      case 'gzip':
        yield* this.#visitGzip(source, place)
        return
      case 'zlib':
        yield* this.#visitStream(zlibContent(source, this.#budget), this.#layer(place, 'zlib', new Set()))
        return
      case 'zip':
        yield* this.#visitZip(source, place)
        return
      case 'mail':
        yield* this.#visitMail(source, place)
        return
      case 'xml':
        // Text bodies that begin with a link in brackets, drawings and the like come with mail every day.
        if (place.mails > 0 && !mentionsFeedback(head)) {
          yield found('rejected', 'not_a_report', 'It is XML, but no report.')
          return
        }
        yield foundDocument(format, source, place)
        return
      case 'json':
        yield mentionsTlsReport(head)
          ? foundDocument(format, source, place)
          : found('rejected', 'unknown_format', 'It is JSON, but no report.')
        return
      case 'feedback_report':
        yield found('rejected', 'unsupported_kind', 'It is a failure report (ARF); this kind is not read yet.')
        return
      case 'empty':
        yield found('rejected', 'empty', 'There is nothing in it.')
        return
      case 'empty_zip':
        yield found('rejected', 'no_report_in_archive', 'The archive is empty.')
        return
      case 'foreign_archive':
        yield found('rejected', 'unsupported_archive', 'It is an archive of a kind that is not read.')
        return
      case 'mail_container':
        yield found('rejected', 'unsupported_archive', 'It is an Outlook message file (.msg or winmail.dat), which is not read.')
        return
      case 'html':
        yield found('rejected', 'not_a_report', 'It is an HTML page, not a report.')
        return
      default:
        yield found('rejected', 'unknown_format', 'It is no report, and nothing that reports are packed in.')
    }
  }

  #layer(place: Place, step: string, notes: Notes): Place {
    if (place.layers >= this.#limits.archiveLayers) {
      const value = this.#limits.archiveLayers
      throw new ReportError({
        code: 'limit',
        message: `Archives are nested deeper than ${value} layers.`,
        limit: { name: 'archiveLayers', value },
      })
    }
    return { ...place, steps: [...place.steps, step], layers: place.layers + 1, notes: [...place.notes, notes] }
  }

  async *#visitGzip(source: ByteSource, place: Place): AsyncGenerator<Finding> {
    const notes: Notes = new Set()
    yield* this.#visitStream(
      gzipContent(source, this.#budget, (code) => notes.add(code)),
      this.#layer(place, 'gz', notes),
    )
  }

  /** Somebody packed it, so unlike a bare text it was meant to be something: the operator is told that it is no report (row 21). */
  async *#visitStream(content: ByteSource, inside: Place): AsyncGenerator<Finding> {
    for await (const finding of this.visit(content, inside)) yield isBystander(finding) ? noReport(finding.part) : finding
  }

  async *#visitZip(source: ByteSource, place: Place): AsyncGenerator<Finding> {
    const notes: Notes = new Set()
    const inside = this.#layer(place, 'zip', notes)
    const entries = await zipContents(source, this.#budget, this.#limits, (code) => notes.add(code))
    let reported = false
    for (const [index, entry] of entries.entries()) {
      if (entry === null) continue
      notes.clear()
      // Other files lie beside a report when people forward archives (row 19): only what could be one is spoken of.
      for await (const finding of this.visit(entry, { ...inside, steps: [...place.steps, `zip:${index}`] })) {
        if (isBystander(finding)) continue
        reported = true
        yield finding
      }
    }
    if (!reported) yield noReport(address(place, 'zip'))
  }

  async *#visitMail(source: ByteSource, place: Place): AsyncGenerator<Finding> {
    if (place.mails >= this.#limits.mailDepth) {
      const value = this.#limits.mailDepth
      throw new ReportError({
        code: 'limit',
        message: `Mails are nested deeper than ${value} levels.`,
        limit: { name: 'mailDepth', value },
      })
    }
    const notes: Notes = new Set()
    const { leaves, senderDomain, tlsReportDomain } = await mailContents(source, this.#limits, (code) => notes.add(code))
    const inside = { ...place, mails: place.mails + 1, senderDomain: senderDomain ?? place.senderDomain, notes: [...place.notes, notes] }
    let reported = false
    let unreadable: Finding | null = null
    if (leaves.length === 0) throw new ReportError({ code: 'bad_mail', message: 'The parts of the mail can not be told apart.' })
    for (const [index, leaf] of leaves.entries()) {
      const at: Place = {
        ...inside,
        steps: [...place.steps, `eml:${index}`],
        tlsReportDomain: tlsReportDomain ?? policyDomainOf(leaf.fileName) ?? place.tlsReportDomain,
      }
      for await (const finding of this.visit(leaf.source, at)) {
        // Text, pictures and signatures are part of every mail, and a forwarded mail without a report is no more than text.
        if (finding.type === 'ignored' || isBystander(finding)) continue
        if (isUnreadableAttachment(finding)) {
          unreadable ??= finding
          continue
        }
        reported = true
        yield finding
        // What follows the fields of a failure report is the mail that it is about, not something sent to us.
        if (finding.type === 'rejected' && finding.reason.code === 'unsupported_kind') return
      }
    }
    if (reported) return
    yield unreadable ?? {
      type: 'ignored',
      part: address(place, 'mail'),
      reason: { code: 'not_a_report', message: 'The mail holds no report.' },
    }
  }
}

function noReport(part: string): Finding {
  return { type: 'rejected', part, reason: { code: 'no_report_in_archive', message: 'There is no report in the archive.' } }
}

/** True for what may lie beside a report without being wrong. */
function isBystander(finding: Finding): boolean {
  if (finding.type === 'document') return false
  const { code } = finding.reason
  return code === 'unknown_format' || code === 'empty' || code === 'not_a_report'
}

/** A format that may hold a report but as well something else, a text document in .doc for one: worth a word only when no report was found. */
function isUnreadableAttachment(finding: Finding): boolean {
  return finding.type === 'rejected' && (finding.reason.code === 'unsupported_archive' || finding.reason.code === 'no_report_in_archive')
}

function foundDocument(format: 'xml' | 'json', source: ByteSource, place: Place): FoundDocument {
  const { senderDomain, tlsReportDomain } = place
  const warnings = () => place.notes.flatMap((it) => [...it])
  return { type: 'document', format, part: address(place, format), source, senderDomain, tlsReportDomain, warnings }
}

/** `sender!policy-domain!begin!end.json.gz` (RFC 8460 5.1). */
function policyDomainOf(fileName: string | null): string | null {
  const [, domain, begin, end] = fileName?.split('!', 5) ?? []
  return domain && begin && end ? domain : null
}

const formatSteps: Partial<Record<Format, string>> = {
  gzip: 'gz',
  mail: 'eml',
  feedback_report: 'arf',
  empty_zip: 'zip',
  foreign_archive: 'archive',
  mail_container: 'msg',
}

function address(place: Place, format: Format | null): string {
  return [...place.steps, ...(format === null ? [] : [formatSteps[format] ?? format])].join('>')
}
