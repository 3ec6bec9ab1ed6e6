import { isFailureNotice } from '../failure/notice.ts'
import { failureParts } from '../failure/parts.ts'
import type { FoundFailure } from '../failure/read-failure.ts'
import type { Limits } from '../limits.ts'
import { type Reason, type ReasonCode, ReportError } from '../report.ts'
import { type ByteSource, fromBytes } from '../source.ts'
import { Budget, collect } from './budget.ts'
import { peek } from './chunk-reader.ts'
import { gzipContent, mailContents, zipContents, zlibContent } from './layers.ts'
import { reasonForNoReport } from './letter.ts'
import type { Leaf, MailHeader } from './mail.ts'
import { type Format, mentionsFeedback, mentionsTlsReport, SNIFF_BYTES, sniff } from './sniff.ts'

/** One thing found in an input: a document to be read, or why something in it is none. `part` is its address. */
export type Finding = FoundDocument | FoundFailure | { type: 'rejected' | 'ignored'; part: string; reason: Reason }

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
        yield await this.#bareFailure('arf', source, place)
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
      case 'text':
        yield isFailureNotice(head)
          ? await this.#bareFailure('notice', source, place)
          : found('rejected', 'unknown_format', 'It is no report, and nothing that reports are packed in.')
        return
      default:
        yield found('rejected', 'unknown_format', 'It is no report, and nothing that reports are packed in.')
    }
  }

  /** A feedback part or a notice that somebody saved as a file. */
  async #bareFailure(form: FoundFailure['form'], source: ByteSource, place: Place): Promise<FoundFailure> {
    const content = await collect(source, this.#limits, 'mailBytes')
    return foundFailure(form, content, null, null, place)
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

  /** Somebody packed it, so unlike a bare text it was meant to be something: the operator is told that it is no report. */
  async *#visitStream(content: ByteSource, inside: Place): AsyncGenerator<Finding> {
    for await (const finding of this.visit(content, inside)) {
      if (!isBystander(finding)) yield finding
      else yield (await isPlaceholder(content)) ? placeholder(finding.part) : noReport(finding.part)
    }
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
    const mail = await mailContents(source, this.#budget, this.#limits, (code) => notes.add(code))
    const { leaves, header } = mail
    if (leaves.length === 0) throw new ReportError({ code: 'bad_mail', message: 'The parts of the mail can not be told apart.' })
    const inside = {
      ...place,
      mails: place.mails + 1,
      senderDomain: header.senderDomain ?? place.senderDomain,
      notes: [...place.notes, notes],
    }
    const failures = failureParts(leaves)
    const shown = new Set(failures.flatMap((it) => it.shown))
    let reported = false
    let instead: Finding | null = null
    for (const [index, leaf] of leaves.entries()) {
      if (shown.has(index)) continue
      const at: Place = {
        ...inside,
        steps: [...place.steps, `eml:${index}`],
        tlsReportDomain: header.tlsReportDomain ?? policyDomainOf(leaf.fileName) ?? place.tlsReportDomain,
      }
      const failure = failures.find((it) => it.index === index)
      if (failure !== undefined) {
        reported = true
        yield foundFailure(failure.form, leaf.bytes, failure.sample?.bytes ?? null, header, at)
        continue
      }
      for await (const finding of this.#visitLeaf(leaf, at)) {
        // The text for people beside the fields of a failure report may say the same in words.
        if (isBystander(finding) || (finding.type === 'failure' && finding.form === 'notice' && failures.length > 0)) continue
        // Text, pictures and signatures are part of every mail, and a forwarded mail without a report is no more than text.
        if (finding.type === 'ignored' || isUnreadableAttachment(finding)) {
          instead = moreTelling(instead, finding)
          continue
        }
        reported = true
        yield finding
      }
    }
    if (reported) return
    yield instead ?? { type: 'ignored', part: address(place, 'mail'), reason: reasonForNoReport(mail) }
  }

  /** What is declared as a mail is one, also when its header is too short to tell. */
  async *#visitLeaf(leaf: Leaf, place: Place): AsyncGenerator<Finding> {
    const source = fromBytes(leaf.bytes)
    if (leaf.type === 'message/rfc822' && sniff(leaf.bytes.subarray(0, SNIFF_BYTES)) === 'text') {
      try {
        yield* this.#visitMail(source, place)
      } catch (error) {
        if (!(error instanceof ReportError)) throw error
        yield { type: 'rejected', part: address(place, 'mail'), reason: error.reason }
      }
      return
    }
    yield* this.visit(source, place)
  }
}

/** Of two things that were no report the one that an operator has to know of; a mail inside that is a mere letter is not. */
function moreTelling(first: Finding | null, second: Finding): Finding | null {
  if (second.type === 'ignored' && second.reason.code === 'not_a_report') return first
  return first === null || (first.type === 'ignored' && second.type === 'rejected') ? second : first
}

// Yahoo and AOL sent gzips of this word in place of a report in 2023 (row 21).
const placeholderText = /^\s*unused\s*$/i

async function isPlaceholder(content: ByteSource): Promise<boolean> {
  return placeholderText.test(Buffer.from(await peek(content.open(), 20)).toString('latin1'))
}

function placeholder(part: string): Finding {
  const message = "The attachment holds the word 'unused' in place of a report; there is nothing to read."
  return { type: 'ignored', part, reason: { code: 'placeholder', message } }
}

function noReport(part: string): Finding {
  return { type: 'rejected', part, reason: { code: 'no_report_in_archive', message: 'There is no report in the archive.' } }
}

/** True for what may lie beside a report without being wrong. */
function isBystander(finding: Finding): boolean {
  if (finding.type === 'document' || finding.type === 'failure') return false
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

function foundFailure(
  form: FoundFailure['form'],
  content: Uint8Array,
  sample: Uint8Array | null,
  header: MailHeader | null,
  place: Place,
): FoundFailure {
  const warnings = () => place.notes.flatMap((it) => [...it])
  return { type: 'failure', form, part: address(place, form === 'arf' ? 'feedback_report' : 'text'), content, sample, header, warnings }
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
