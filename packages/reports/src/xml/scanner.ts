import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { Nesting } from './nesting.ts'
import { PieceCutter, type PieceHandler } from './piece.ts'
import { isSpace, readAttributes, readStartTag } from './tag.ts'

/**
 * Walks the text of a report as it comes, proves that its tags nest and end, and hands over the direct children of `feedback`,
 * by path: never from inside an extension, CDATA or a comment. Holds one child at a time. fast-xml-parser accepts cut and
 * crossed documents without a word, so this comes before it. Throws a ReportError for what cannot be a whole report.
 */
export class FeedbackScanner {
  readonly nesting: Nesting
  readonly #limits: Limits
  readonly #cutter: PieceCutter
  readonly #handler: PieceHandler
  /** The part of the text before that could not be understood without what follows. */
  #rest = ''
  /** What ends the comment or instruction that the text stopped in, empty outside. */
  #skippingTo = ''
  /** Characters since the last tag. */
  #textRun = 0
  /** Characters before `#rest`, to say where an error is. */
  #offset = 0

  constructor(limits: Limits, handler: PieceHandler) {
    this.#limits = limits
    this.#handler = handler
    this.nesting = new Nesting(limits)
    this.#cutter = new PieceCutter(limits, handler)
  }

  /** Takes the next stretch of text. */
  push(chunk: string): void {
    const text = this.#rest + chunk
    this.#rest = ''
    this.#cutter.startText(text)
    let at = this.#skippingTo === '' ? 0 : this.#skip(text, 0, 0)
    while (at >= 0 && at < text.length) {
      const less = text.indexOf('<', at)
      this.#passText(text, at, less < 0 ? text.length : less)
      at = less < 0 ? text.length : less
      if (less < 0) break
      const known = this.nesting.depth === 1 && this.nesting.root ? (this.#handler.pass?.(text, less) ?? -1) : -1
      if (known >= 0) {
        this.#textRun = 0
        at = known
        continue
      }
      const next = this.#readMarkup(text, less)
      if (next === INCOMPLETE) break
      at = next
    }
    if (at < 0) at = text.length - this.#rest.length
    else this.#rest = text.slice(at)
    this.#cutter.endText(at)
    this.#offset += at
    // CDATA has a limit of its own; of a skipped comment only its last two characters are kept.
    if (this.#rest.length > this.#limits.xmlTagChars && !this.#rest.startsWith(CDATA)) throw this.#limit('xmlTagChars', 'A tag')
  }

  /** Says that the text has ended. Throws when the document has not. */
  finish(): void {
    this.nesting.finish(() => this.#where(0))
    if (this.#rest !== '' || this.#skippingTo !== '') this.nesting.oddities.add('data_after_document')
  }

  /** Reads what begins with the `<` at `less`: the index after it, INCOMPLETE, or SKIPPING. */
  #readMarkup(text: string, less: number): number {
    const second = text.charCodeAt(less + 1)
    if (second === 0x2f) return this.#readEndTag(text, less)
    if (second === 0x21) {
      if (text.startsWith('<!--', less)) return this.#skipMarkup(text, less, less + 4, '-->')
      if (text.startsWith(CDATA, less)) return this.#readCdata(text, less)
      const start = text.slice(less, less + CDATA.length)
      if ('<!--'.startsWith(start) || CDATA.startsWith(start)) return INCOMPLETE
      throw new ReportError({ code: 'doctype', message: 'The document has a DOCTYPE or entity declaration.', where: this.#where(less) })
    }
    if (second === 0x3f) return this.#skipMarkup(text, less, less + 2, '?>')
    return this.#readStart(text, less)
  }

  #readStart(text: string, less: number): number {
    const tag = readStartTag(text, less)
    if (tag === 'incomplete') return INCOMPLETE
    if (tag === 'text') {
      this.#strayLess(less)
      return less + 1
    }
    this.#textRun = 0
    if (tag.attributes !== '') readAttributes(tag.attributes, this.#limits)
    const startsPiece = this.nesting.open(tag, () => this.#where(less))
    if (startsPiece) this.#cutter.open(tag.name, less)
    if (startsPiece && tag.selfClosing) this.#cutter.close(tag.end + 1)
    return tag.end + 1
  }

  #readEndTag(text: string, less: number): number {
    let end = this.nesting.closeDue(text, less + 2)
    if (end < 0) {
      end = text.indexOf('>', less + 2)
      if (end < 0) return INCOMPLETE
      const correction = this.nesting.close(text.slice(less + 2, end).trimEnd(), () => this.#where(less))
      if (correction) this.#cutter.replace(less, end + 1, correction.endTags, correction.damage)
    }
    this.#textRun = 0
    if (this.nesting.depth === 1) this.#cutter.close(end + 1)
    return end + 1
  }

  #readCdata(text: string, less: number): number {
    const end = text.indexOf(']]>', less + CDATA.length)
    if ((end < 0 ? text.length : end) - less > this.#limits.xmlTextChars) throw this.#limit('xmlTextChars', 'A text')
    return end < 0 ? INCOMPLETE : end + 3
  }

  #skipMarkup(text: string, less: number, from: number, to: string): number {
    this.#textRun = 0
    this.#skippingTo = to
    return this.#skip(text, less, from)
  }

  /** Passes over a comment or instruction that stands at `start`, looking for its end at `from`; SKIPPING when it goes on in the next chunk. */
  #skip(text: string, start: number, from: number): number {
    const end = text.indexOf(this.#skippingTo, from)
    const after = end < 0 ? text.length : end + this.#skippingTo.length
    this.#cutter.replace(start, after, '')
    if (end < 0) {
      // The end may be cut in two.
      this.#rest = text.slice(Math.max(from, text.length - this.#skippingTo.length + 1))
      return SKIPPING
    }
    this.#skippingTo = ''
    return after
  }

  #passText(text: string, from: number, to: number): void {
    if (to === from) return
    this.#textRun += to - from
    if (this.#textRun > this.#limits.xmlTextChars) throw this.#limit('xmlTextChars', 'A text')
    if (this.nesting.depth > 0) return
    for (let at = from; at < to; at++) {
      if (isSpace(text.charCodeAt(at))) continue
      this.nesting.oddities.add(this.nesting.hasEnded ? 'data_after_document' : 'text_before_document')
      return
    }
  }

  /** A `<` that starts no tag: in an address or a URL it is text that somebody did not escape (row 27). */
  #strayLess(less: number): void {
    if (this.nesting.hasEnded) return
    if (this.nesting.depth < 2) {
      throw new ReportError({ code: 'not_well_formed', message: 'There is a stray "<" between the elements.', where: this.#where(less) })
    }
    this.#cutter.replace(less, less + 1, '&lt;', 'repaired')
  }

  #where(at: number): string {
    return `character ${this.#offset + at}`
  }

  #limit(name: 'xmlTagChars' | 'xmlTextChars', subject: string): ReportError {
    const value = this.#limits[name]
    const message = `${subject} is longer than ${value} characters.`
    return new ReportError({ code: 'limit', message, where: this.#where(0), limit: { name, value } })
  }
}

const CDATA = '<![CDATA['
const INCOMPLETE = -1
const SKIPPING = -2
