import type { Limits } from '../limits.ts'

/** A direct child of `feedback`. */
export interface Piece {
  /** As written, with its prefix. */
  name: string
  /** The element with its tags, without comments and processing instructions; empty when nobody wanted it or it was too long. */
  text: string
  /** `repaired`: an end tag was misspelt or a `<` unescaped. `broken`: elements were not closed, the structure is a guess. */
  damage: 'none' | 'repaired' | 'broken' | 'too_long'
}

export interface PieceHandler {
  /**
   * Asked where a child begins: the index after it when the handler knows all that stands there and has taken it already,
   * -1 when the scanner is to go through it.
   */
  pass?(text: string, at: number): number
  /** Whether the text of children of this name is to be kept. */
  wants(name: string): boolean
  take(piece: Piece): void
}

/** Cuts the pieces out of a text that comes in chunks. Positions are those in the chunk that `startText` gave. */
export class PieceCutter {
  readonly #limits: Limits
  readonly #handler: PieceHandler
  #text = ''
  /** Where the text begins that belongs to the piece and was not kept yet. */
  #from = 0
  #isOpen = false
  #wanted = false
  #name = ''
  #parts: string[] = []
  #chars = 0
  #damage: Piece['damage'] = 'none'

  constructor(limits: Limits, handler: PieceHandler) {
    this.#limits = limits
    this.#handler = handler
  }

  startText(text: string): void {
    this.#text = text
    this.#from = 0
  }

  /** Says that the text up to `at` has been read; the rest comes again with the next. */
  endText(at: number): void {
    this.#keepUpTo(at)
    this.#text = ''
  }

  open(name: string, at: number): void {
    this.#isOpen = true
    this.#name = name
    this.#wanted = this.#handler.wants(name)
    this.#parts = []
    this.#chars = 0
    this.#damage = 'none'
    this.#from = at
  }

  close(at: number): void {
    if (!this.#isOpen) return
    this.#keepUpTo(at)
    this.#isOpen = false
    const [only = ''] = this.#parts
    const text = this.#parts.length < 2 ? only : this.#parts.join('')
    this.#handler.take({ name: this.#name, text, damage: this.#damage })
  }

  /** Puts other text in the place of some; `damage` says that it had to be. */
  replace(from: number, to: number, by: string, damage?: 'repaired' | 'broken'): void {
    if (!this.#isOpen) return
    this.#keepUpTo(from)
    this.#from = to
    if (by !== '') this.#keep(by)
    if (damage === 'broken' || (damage === 'repaired' && this.#damage === 'none')) this.#damage = damage
  }

  #keepUpTo(at: number): void {
    if (at > this.#from) this.#keep(this.#text.slice(this.#from, at))
    this.#from = at
  }

  #keep(text: string): void {
    if (!this.#isOpen || !this.#wanted) return
    this.#chars += text.length
    if (this.#chars <= this.#limits.xmlPieceChars) {
      this.#parts.push(text)
      return
    }
    this.#parts = []
    this.#wanted = false
    this.#damage = 'too_long'
  }
}
