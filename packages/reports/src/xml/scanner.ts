import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { isSpace, localName, prefixOf, readAttributes, readStartTag } from './tag.ts'

/** A direct child of `feedback`. */
export interface Piece {
  /** As written, with its prefix. */
  name: string
  /** The element with its tags, without comments and processing instructions; empty when nobody wanted it or it was too long. */
  text: string
  /** `repaired`: an end tag was misspelt or a `<` unescaped. `broken`: elements were not closed, the structure is a guess. */
  damage: 'none' | 'repaired' | 'broken' | 'too_long'
}

export interface RootElement {
  prefix: string
  namespace: string | null
}

/** What was out of order around the report without harming it. */
export type Oddity = 'text_before_document' | 'unclosed_schema' | 'data_after_document'

interface OpenPiece {
  name: string
  wanted: boolean
  parts: string[]
  chars: number
  damage: Piece['damage']
}

/**
 * Walks the text of a report as it comes, proves that its tags nest and end, and hands over the direct children of `feedback`,
 * by path: never from inside an extension, CDATA or a comment. Holds one child at a time. fast-xml-parser accepts cut and
 * crossed documents without a word, so this comes before it. Throws a ReportError for what cannot be a whole report.
 */
export class FeedbackScanner {
  root: RootElement | null = null
  readonly oddities = new Set<Oddity>()
  readonly #limits: Limits
  readonly #wants: (name: string) => boolean
  readonly #onPiece: (piece: Piece) => void
  readonly #stack: string[] = []
  #piece: OpenPiece | null = null
  #ended = false
  #rest = ''
  #skippingTo = ''
  #textRun = 0
  /** Characters before `#rest`, to say where an error is. */
  #offset = 0

  constructor(limits: Limits, wants: (name: string) => boolean, onPiece: (piece: Piece) => void) {
    this.#limits = limits
    this.#wants = wants
    this.#onPiece = onPiece
  }

  /** Takes the next stretch of text. */
  push(chunk: string): void {
    const text = this.#rest + chunk
    let at = 0
    // Start of the text that belongs to a wanted piece and was not kept yet.
    let from = 0
    const keep = (to: number) => {
      if (this.#piece?.wanted) this.#keep(this.#piece, text.slice(from, to))
    }
    if (this.#skippingTo !== '') {
      at = from = this.#skip(text, 0)
      if (at < 0) return
    }
    for (;;) {
      const less = text.indexOf('<', at)
      this.#passText(text, at, less < 0 ? text.length : less)
      if (less < 0) {
        at = text.length
        break
      }
      at = less
      const second = text.charCodeAt(less + 1)
      if (second === 0x2f) {
        const end = text.indexOf('>', less + 2)
        if (end < 0) break
        const fix = this.#close(text.slice(less + 2, end).trimEnd(), less)
        if (fix !== null) {
          keep(less)
          if (this.#piece?.wanted) this.#keep(this.#piece, fix)
          from = end + 1
        }
        if (this.#stack.length === 1 && this.#piece) {
          keep(end + 1)
          this.#finishPiece(this.#piece)
        }
        at = end + 1
      } else if (second === 0x21 || second === 0x3f) {
        const opening = markup(text, less)
        if (opening === 'incomplete') break
        if (opening === 'declaration') {
          throw new ReportError({ code: 'doctype', message: 'The document has a DOCTYPE or entity declaration.', where: this.#where(less) })
        }
        if (opening === 'cdata') {
          const end = text.indexOf(']]>', less + 9)
          if ((end < 0 ? text.length : end) - less > this.#limits.xmlTextChars) this.#tooMuchText()
          if (end < 0) break
          at = end + 3
          continue
        }
        keep(less)
        this.#skippingTo = opening === 'comment' ? '-->' : '?>'
        at = from = this.#skip(text, less + (opening === 'comment' ? 4 : 2))
        if (at < 0) return
      } else {
        const tag = readStartTag(text, less)
        if (tag === 'incomplete') break
        if (tag === 'text') {
          keep(less)
          if (this.#piece?.wanted) this.#keep(this.#piece, '&lt;')
          from = at = less + 1
          this.#strayLess()
          continue
        }
        if (tag.attributes !== '') readAttributes(tag.attributes, this.#limits)
        if (this.#open(tag.name, tag.attributes, tag.selfClosing, less)) from = less
        at = tag.end + 1
        if (tag.selfClosing && this.#stack.length === 1 && this.#piece) {
          keep(at)
          this.#finishPiece(this.#piece)
        }
      }
      this.#textRun = 0
    }
    keep(at)
    this.#rest = text.slice(at)
    this.#offset += at
    if (this.#rest.length > this.#limits.xmlTagChars && !this.#rest.startsWith('<![CDATA[')) {
      throw new ReportError({
        code: 'limit',
        message: `A tag is longer than ${this.#limits.xmlTagChars} characters.`,
        where: this.#where(0),
        limit: { name: 'xmlTagChars', value: this.#limits.xmlTagChars },
      })
    }
  }

  /** Says that the text has ended. Throws when the document has not. */
  finish(): void {
    if (this.#ended) {
      if (this.#rest !== '' || this.#skippingTo !== '') this.oddities.add('data_after_document')
      return
    }
    if (this.#stack.length > 0 && this.root) {
      throw new ReportError({ code: 'truncated', message: 'The document ends before its root element does.', where: this.#where(0) })
    }
    if (this.#stack.length > 0) throw wrongRoot()
    throw new ReportError({ code: 'not_xml', message: 'There is no XML document in it.' })
  }

  #where(at: number): string {
    return `character ${this.#offset + at}`
  }

  /** Passes over a comment or instruction; -1 when it goes on in the next chunk. */
  #skip(text: string, from: number): number {
    const end = text.indexOf(this.#skippingTo, from)
    if (end >= 0) {
      const after = end + this.#skippingTo.length
      this.#skippingTo = ''
      return after
    }
    const rest = Math.max(from, text.length - this.#skippingTo.length + 1)
    this.#rest = text.slice(rest)
    this.#offset += rest
    return -1
  }

  #passText(text: string, from: number, to: number): void {
    if (to === from) return
    this.#textRun += to - from
    if (this.#textRun > this.#limits.xmlTextChars) this.#tooMuchText()
    if (this.#stack.length > 0) return
    for (let at = from; at < to; at++) {
      if (isSpace(text.charCodeAt(at))) continue
      this.oddities.add(this.#ended ? 'data_after_document' : 'text_before_document')
      return
    }
  }

  #tooMuchText(): never {
    throw new ReportError({
      code: 'limit',
      message: `A text is longer than ${this.#limits.xmlTextChars} characters.`,
      limit: { name: 'xmlTextChars', value: this.#limits.xmlTextChars },
    })
  }

  #strayLess(): void {
    if (this.#piece?.damage === 'none') this.#piece.damage = 'repaired'
    if (!this.#piece && this.#stack.length > 0) {
      throw new ReportError({ code: 'not_well_formed', message: 'There is a stray "<" between the elements.' })
    }
  }

  /** Opens an element; true when it is the start of a piece that is to be kept. */
  #open(name: string, attributes: string, selfClosing: boolean, at: number): boolean {
    if (this.#ended) {
      this.oddities.add('data_after_document')
      if (localName(name) !== 'feedback') return false
      throw new ReportError({
        code: 'several_documents',
        message: 'A second report follows the first in the same document.',
        where: this.#where(at),
      })
    }
    if (!this.root) return this.#openRoot(name, attributes, selfClosing)
    let startsKeptPiece = false
    if (this.#stack.length === 1) {
      const wanted = this.#wants(name)
      this.#piece = { name, wanted, parts: [], chars: 0, damage: 'none' }
      startsKeptPiece = wanted
    }
    if (selfClosing) return startsKeptPiece
    this.#stack.push(name)
    if (this.#stack.length > this.#limits.xmlDepth) {
      throw new ReportError({
        code: 'limit',
        message: `Elements are nested deeper than ${this.#limits.xmlDepth} levels.`,
        where: this.#where(at),
        limit: { name: 'xmlDepth', value: this.#limits.xmlDepth },
      })
    }
    return startsKeptPiece
  }

  #openRoot(name: string, attributes: string, selfClosing: boolean): boolean {
    const local = localName(name)
    if (local === 'feedback') {
      // IKEA's reports had the start tag of an XML schema, never closed, before the root (row 28).
      if (this.#stack.length > 0) this.oddities.add('unclosed_schema')
      this.#stack.length = 0
      const prefix = prefixOf(name)
      const namespace = readAttributes(attributes, this.#limits).get(prefix === '' ? 'xmlns' : `xmlns:${prefix}`)
      this.root = { prefix, namespace: namespace?.trim() || null }
      if (selfClosing) this.#ended = true
      else this.#stack.push(name)
      return false
    }
    if (local !== 'schema' || this.#stack.length > 0 || selfClosing) throw wrongRoot(local)
    this.#stack.push(name)
    return false
  }

  /**
   * Closes an element. Null when it was the one due; otherwise the end tags that stand for it in the piece:
   * a misspelt one closes the innermost element, one of an outer element closes all between (row 27).
   */
  #close(name: string, at: number): string | null {
    const stack = this.#stack
    const top = stack.length - 1
    if (name === stack[top]) {
      stack.pop()
      if (stack.length === 0) this.#ended = true
      return null
    }
    if (this.#ended) {
      this.oddities.add('data_after_document')
      return null
    }
    const due = stack.lastIndexOf(name)
    if (!this.#piece || top < 1 || due === 0 || (due < 0 && top < 2)) {
      throw new ReportError({
        code: 'not_well_formed',
        message: 'An end tag does not fit the elements that are open.',
        where: this.#where(at),
      })
    }
    if (due > 0) this.#piece.damage = 'broken'
    else if (this.#piece.damage === 'none') this.#piece.damage = 'repaired'
    return stack
      .splice(due > 0 ? due : top)
      .reverse()
      .map((it) => `</${it}>`)
      .join('')
  }

  #keep(piece: OpenPiece, text: string): void {
    piece.chars += text.length
    if (piece.chars <= this.#limits.xmlPieceChars) {
      piece.parts.push(text)
      return
    }
    piece.parts = []
    piece.wanted = false
    piece.damage = 'too_long'
  }

  #finishPiece(piece: OpenPiece): void {
    this.#piece = null
    const [only = ''] = piece.parts
    this.#onPiece({ name: piece.name, text: piece.parts.length < 2 ? only : piece.parts.join(''), damage: piece.damage })
  }
}

function wrongRoot(local?: string): ReportError {
  if (local === 'html' || local === 'HTML') {
    return new ReportError({ code: 'not_a_report', message: 'It is an HTML page, not a report.' })
  }
  return new ReportError({ code: 'wrong_root', message: 'The root element of the XML document is not "feedback".' })
}

function markup(text: string, at: number): 'comment' | 'cdata' | 'instruction' | 'declaration' | 'incomplete' {
  if (text.charCodeAt(at + 1) === 0x3f) return 'instruction'
  if (text.startsWith('<!--', at)) return 'comment'
  if (text.startsWith('<![CDATA[', at)) return 'cdata'
  const rest = text.slice(at, at + 9)
  return '<!--'.startsWith(rest) || '<![CDATA['.startsWith(rest) ? 'incomplete' : 'declaration'
}
