import { isUtf8 } from 'node:buffer'
import { isFailureNotice } from '../failure/notice.ts'
import { failureParts } from '../failure/parts.ts'
import type { FoundFailure } from '../failure/read-failure.ts'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { type ByteSource, fromBytes } from '../source.ts'
import { Budget, collect } from './budget.ts'
import { peek } from './chunk-reader.ts'
import {
  address,
  claimsToBeReport,
  type Finding,
  foundDocument,
  foundFailure,
  isBystander,
  isPlaceholder,
  isUnreadableAttachment,
  moreTelling,
  noReport,
  type Notes,
  type Place,
  placeholder,
  policyDomainOf,
  refusal,
  sealed,
} from './finding.ts'
import { gzipContent, mailContents, mboxContents, zipContents, zlibContent } from './layers.ts'
import { reasonForNoReport } from './letter.ts'
import type { Leaf, MailHeader } from './mail.ts'
import { type Format, mentionsFeedback, mentionsTlsReport, SNIFF_BYTES, sniff } from './sniff.ts'

/** Takes an input apart, whatever it is wrapped in, and yields what it holds in order. One part that fails does not end the walk. */
export async function* unpack(source: ByteSource, limits: Limits, onMail: (header: MailHeader) => void): AsyncGenerator<Finding> {
  yield* new Walk(limits, onMail).visit(source, {
    steps: [],
    layers: 0,
    mails: 0,
    senderDomain: null,
    tlsReportDomain: null,
    charset: null,
    notes: [],
  })
}

class Walk {
  readonly #limits: Limits
  readonly #onMail: (header: MailHeader) => void
  readonly #budget: Budget

  constructor(limits: Limits, onMail: (header: MailHeader) => void) {
    this.#limits = limits
    this.#onMail = onMail
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
        yield* this.#visitMails(source, place)
        return
      case 'xml':
        // Text bodies that begin with a link in brackets, drawings and the like come with mail every day.
        yield place.mails === 0 || mentionsFeedback(head) ? foundDocument(format, source, place) : refusal(format, place)
        return
      case 'json':
        yield mentionsTlsReport(head) ? foundDocument(format, source, place) : refusal(format, place)
        return
      case 'feedback_report':
        yield await this.#bareFailure('arf', source, place)
        return
      case 'text':
        yield isFailureNotice(head) ? await this.#bareFailure('notice', source, place) : refusal(format, place)
        return
      default:
        yield refusal(format, place)
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
    return { ...place, steps: [...place.steps, step], layers: place.layers + 1, charset: null, notes: [...place.notes, notes] }
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
    const archive: Notes = new Set()
    const notes: Notes = new Set()
    const inside = this.#layer({ ...place, notes: [...place.notes, archive] }, 'zip', notes)
    const entries = await zipContents(
      source,
      this.#budget,
      this.#limits,
      (code) => archive.add(code),
      (code) => notes.add(code),
    )
    let reported = false
    let instead: Finding | null = null
    for (const [index, entry] of entries.entries()) {
      if (entry === null) continue
      notes.clear()
      // Other files lie beside a report when people forward archives (row 19): only what could be one is spoken of.
      for await (const finding of this.visit(entry, { ...inside, steps: [...place.steps, `zip:${index}`] })) {
        if (isBystander(finding)) continue
        if (isUnreadableAttachment(finding)) {
          instead ??= finding
          continue
        }
        reported = true
        yield finding
      }
    }
    if (!reported) yield instead ?? noReport(address(place, 'zip'))
  }

  /** A folder that a mail program exported; a single mail may have the line above it, too. */
  async *#visitMails(source: ByteSource, place: Place): AsyncGenerator<Finding> {
    const mails = await mboxContents(source, this.#limits)
    if (mails.length === 1) {
      yield* this.#visitMail(source, place)
      return
    }
    for (const [index, mail] of mails.entries()) yield* this.visit(mail, { ...place, steps: [...place.steps, `mbox:${index}`] })
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
    if (place.mails === 0) this.#onMail(header)
    if (leaves.length === 0) throw new ReportError({ code: 'bad_mail', message: 'The parts of the mail can not be told apart.' })
    const inside = {
      ...place,
      mails: place.mails + 1,
      charset: null,
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
      instead = moreTelling(instead, sealed(leaf, at))
      for await (const finding of this.#visitLeaf(leaf, at)) {
        // The text for people beside the fields of a failure report may say the same in words.
        if (finding.type === 'failure' && finding.form === 'notice' && failures.length > 0) continue
        // Text, pictures and signatures are part of every mail, and a forwarded mail without a report is no more than text.
        if (isBystander(finding) && !claimsToBeReport(leaf)) continue
        if (finding.type === 'ignored' || isBystander(finding) || isUnreadableAttachment(finding)) {
          instead = moreTelling(instead, finding)
          continue
        }
        reported = true
        yield finding
      }
    }
    if (reported) return
    const reason = reasonForNoReport(mail)
    // A mail of ours that came back has attachments of ours.
    yield instead === null || reason.code === 'bounce' ? { type: 'ignored', part: address(place, 'mail'), reason } : instead
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
    yield* this.visit(source, { ...place, charset: isUtf8(leaf.bytes) ? null : leaf.charset })
  }
}
