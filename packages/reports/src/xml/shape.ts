import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { type Nodes, parseElement } from './element.ts'
import type { Piece } from './piece.ts'

/**
 * A record known to the letter but for the texts between its tags: whatever fits it is well-formed, and its children are those
 * of the record it was learnt from with other texts in them. Nearly all records of a reporter have one of a few shapes.
 */
export class Shape {
  /** As written, with its prefix. */
  readonly name: string
  readonly #nodes: Nodes
  /** What stands before each text, and after the last. */
  readonly #literals: readonly string[]
  readonly #slots: readonly Slot[]
  readonly #texts: string[]

  constructor(name: string, nodes: Nodes, literals: readonly string[], slots: readonly Slot[]) {
    this.name = name
    this.#nodes = nodes
    this.#literals = literals
    this.#slots = slots
    this.#texts = slots.map(() => '')
  }

  /** The index after the record of this shape that stands at `at`; -1 when what stands there is of another or goes on in the next chunk. */
  fit(text: string, at: number, limits: Limits): number {
    const literals = this.#literals
    const last = literals.length - 1
    let from = at
    for (let index = 0; index < last; index++) {
      const literal = literals[index] ?? ''
      if (!text.startsWith(literal, from)) return -1
      from += literal.length
      const end = text.indexOf('<', from)
      if (end < 0 || end - from > limits.xmlTextChars) return -1
      const found = text.slice(from, end).trim()
      // References are for the parser, and a text that is missing makes another shape.
      if (found === '' || found.includes('&')) return -1
      this.#texts[index] = found
      from = end
    }
    const literal = literals[last] ?? ''
    if (!text.startsWith(literal, from)) return -1
    from += literal.length
    return from - at > limits.xmlPieceChars ? -1 : from
  }

  /** The children of the record that was fitted last. They are the same objects each time: read them before the next fits. */
  fill(): Nodes {
    for (const [index, slot] of this.#slots.entries()) slot['#text'] = this.#texts[index] ?? ''
    return this.#nodes
  }
}

interface Slot {
  '#text': string
}

const MOST_SHAPES = 32
const MOST_CHARS = 4096
// Tries after which a report whose records fit less than every second time is read without: learning costs more than it saves.
const TRIAL = 500

/** The shapes met so far, the last one first. What was learnt from one report serves the next. */
export class Shapes {
  readonly #limits: Limits
  readonly #known: Shape[]
  #tries = 0
  #fits = 0

  constructor(limits: Limits) {
    this.#limits = limits
    this.#known = knownUnder(limits)
  }

  get isHopeless(): boolean {
    return this.#tries >= TRIAL && this.#fits * 2 < this.#tries
  }

  /** The shape of the record that stands at `at` with the index after it; null when none fits. */
  fit(text: string, at: number): { shape: Shape; end: number } | null {
    if (this.isHopeless) return null
    this.#tries++
    for (const [index, shape] of this.#known.entries()) {
      const end = shape.fit(text, at, this.#limits)
      if (end < 0) continue
      this.#fits++
      if (index > 0) {
        this.#known.splice(index, 1)
        this.#known.unshift(shape)
      }
      return { shape, end }
    }
    return null
  }

  /** Takes the shape of a record that the scanner found whole. */
  learn({ name, text, damage }: Piece): void {
    if (damage !== 'none' || text.length > MOST_CHARS || this.isHopeless) return
    const shape = shapeOf(name, text)
    if (shape === null) return
    this.#known.unshift(shape)
    this.#known.length = Math.min(this.#known.length, MOST_SHAPES)
  }
}

let shared: { key: string; shapes: Shape[] } = { key: '', shapes: [] }

/** What the scanner has passed under other limits proves nothing under these. */
function knownUnder({ xmlDepth, xmlAttributes, xmlTagChars }: Limits): Shape[] {
  const key = [xmlDepth, xmlAttributes, xmlTagChars].join()
  if (shared.key !== key) shared = { key, shapes: [] }
  return shared.shapes
}

// Private use characters, which mark the places of texts while the shape itself is parsed.
const MARK = '\ue000'
const MARKED = /^\ue000\d{1,4}\ue001$/

/** Null when the texts of the record can't be told from its tags for certain. */
function shapeOf(name: string, record: string): Shape | null {
  if (/[&\ue000\ue001]|<[!?]/.test(record)) return null
  const literals: string[] = []
  let literal = ''
  for (const match of record.matchAll(/(<[^>]*>)([^<]*)/g)) {
    const [, tag = '', text = ''] = match
    if (text.trim() === '') literal += tag + text
    else {
      literals.push(copyOf(literal + tag))
      literal = ''
    }
  }
  literals.push(copyOf(literal))
  const marked = literals.map((it, index) => (index === literals.length - 1 ? it : `${it}${MARK}${index}\ue001`)).join('')
  let nodes: Nodes
  try {
    nodes = parseElement(marked)
  } catch (error) {
    // A ">" inside an attribute: what was taken for a text is a part of a tag.
    if (error instanceof ReportError) return null
    throw error
  }
  const slots: Slot[] = []
  collectSlots(nodes, slots)
  const isCertain = slots.length === literals.length - 1 && slots.every((slot, index) => slot['#text'] === `${MARK}${index}\ue001`)
  return isCertain ? new Shape(name, nodes, literals, slots) : null
}

function collectSlots(nodes: Nodes, slots: Slot[]): void {
  for (const node of nodes) {
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) collectSlots(value as Nodes, slots)
      else if (typeof value === 'string' && MARKED.test(value)) slots.push(node as unknown as Slot)
    }
  }
}

/** A text of its own: a slice would keep the whole chunk that it was cut from in memory. */
function copyOf(text: string): string {
  return Buffer.from(text).toString()
}
