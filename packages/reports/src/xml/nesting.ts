import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { localName, prefixOf, readAttributes, type StartTag } from './tag.ts'

export interface RootElement {
  prefix: string
  namespace: string | null
}

/** What was out of order around the report without harming it. */
export type Oddity = 'text_before_document' | 'unclosed_schema' | 'data_after_document' | 'control_characters'

/** End tags that were put in the place of a wrong one, and whether the structure they give is a guess. */
export interface Correction {
  endTags: string
  damage: 'repaired' | 'broken'
}

/** The elements that are open, from `feedback` down. Throws a ReportError for what can be no report. `where` is for its message. */
export class Nesting {
  root: RootElement | null = null
  hasEnded = false
  readonly oddities = new Set<Oddity>()
  readonly #limits: Limits
  readonly #open: string[] = []

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Elements open; 1 between the children of `feedback`. */
  get depth(): number {
    return this.#open.length
  }

  /** Opens an element. True when it is a child of `feedback`. */
  open({ name, attributes, selfClosing }: StartTag, where: () => string): boolean {
    if (this.hasEnded) {
      this.oddities.add('data_after_document')
      if (localName(name) !== 'feedback') return false
      throw new ReportError({
        code: 'several_documents',
        message: 'A second report follows the first in the same document.',
        where: where(),
      })
    }
    if (!this.root) {
      this.#openRoot(name, attributes, selfClosing)
      return false
    }
    if (!selfClosing) this.#open.push(name)
    if (this.#open.length > this.#limits.xmlDepth) {
      const value = this.#limits.xmlDepth
      const message = `Elements are nested deeper than ${value} levels.`
      throw new ReportError({ code: 'limit', message, where: where(), limit: { name: 'xmlDepth', value } })
    }
    return this.#open.length === (selfClosing ? 1 : 2)
  }

  #openRoot(name: string, attributes: string, selfClosing: boolean): void {
    const local = localName(name)
    if (local === 'feedback') {
      // IKEA's reports had the start tag of an XML schema, never closed, before the root (row 28).
      if (this.#open.length > 0) this.oddities.add('unclosed_schema')
      this.#open.length = 0
      const prefix = prefixOf(name)
      const namespace = readAttributes(attributes, this.#limits).get(prefix === '' ? 'xmlns' : `xmlns:${prefix}`)
      this.root = { prefix, namespace: namespace?.trim() || null }
      if (selfClosing) this.hasEnded = true
      else this.#open.push(name)
      return
    }
    if (local !== 'schema' || this.#open.length > 0 || selfClosing) throw wrongRoot(local)
    this.#open.push(name)
  }

  /** Closes the innermost element when its end tag stands at `at`, as it nearly always does: the index of the `>`, or -1. */
  closeDue(text: string, at: number): number {
    const due = this.#open.at(-1)
    if (due === undefined || text.charCodeAt(at + due.length) !== 0x3e || !text.startsWith(due, at)) return -1
    this.#pop()
    return at + due.length
  }

  /**
   * Closes an element by name. Null when it was the one due; otherwise what is put right: a misspelt end tag closes
   * the innermost element, one of an outer element closes all between (row 27).
   */
  close(name: string, where: () => string): Correction | null {
    const open = this.#open
    const top = open.length - 1
    if (name === open[top]) {
      this.#pop()
      return null
    }
    if (this.hasEnded) {
      this.oddities.add('data_after_document')
      return null
    }
    const due = open.lastIndexOf(name)
    // Between or around the children of the root nothing can be put right without guessing where a record belongs.
    if (top < 1 || due === 0 || (due < 0 && top < 2)) {
      throw new ReportError({ code: 'not_well_formed', message: 'An end tag does not fit the elements that are open.', where: where() })
    }
    const closed = open.splice(due > 0 ? due : top).reverse()
    return { endTags: closed.map((it) => `</${it}>`).join(''), damage: due > 0 ? 'broken' : 'repaired' }
  }

  #pop(): void {
    this.#open.pop()
    if (this.#open.length === 0) this.hasEnded = this.root !== null
  }

  /** Says that nothing follows. Throws unless the document has ended. */
  finish(where: () => string): void {
    if (this.hasEnded) return
    if (this.root) throw new ReportError({ code: 'truncated', message: 'The document ends before its root element does.', where: where() })
    if (this.#open.length > 0) throw wrongRoot('schema')
    throw new ReportError({ code: 'not_xml', message: 'There is no XML document in it.' })
  }
}

function wrongRoot(local: string): ReportError {
  return /^html$/i.test(local)
    ? new ReportError({ code: 'not_a_report', message: 'It is an HTML page, not a report.' })
    : new ReportError({ code: 'wrong_root', message: 'The root element of the XML document is not "feedback".' })
}
