import { createHash } from 'node:crypto'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'
import { type DecodingNotes, decodeXml } from './encoding.ts'
import type { Oddity, RootElement } from './nesting.ts'
import type { Piece, PieceHandler } from './piece.ts'
import { FeedbackScanner } from './scanner.ts'
import type { Shapes } from './shape.ts'
import { localName, prefixOf } from './tag.ts'

/** What the first pass over a document finds. */
export interface Survey {
  root: RootElement
  /** Prefixes that the report uses for its own elements, `''` among them. */
  prefixes: ReadonlySet<string>
  metadata: Piece | null
  policy: Piece | null
  version: Piece | null
  /** Local names of the head that stood there more than once: the first counts (row 31). */
  repeated: ReadonlySet<string>
  hasExtension: boolean
  /** Names of children of the root that no dialect knows and no namespace explains; the first few. */
  unknown: ReadonlySet<string>
  records: number
  /** Lower-case hex SHA-256 of the bytes. */
  hash: string
  bytes: number
  decoding: DecodingNotes
  oddities: ReadonlySet<Oddity>
}

// They are told of to an operator, who has enough of it then.
const MAX_UNKNOWN = 10
const headNames: ReadonlySet<string> = new Set(['version', 'report_metadata', 'policy_published'])

/**
 * Reads a document once from end to end without keeping it: proves that it is complete, finds the head wherever it stands,
 * counts the records and takes the hash. `charset`: what came with a document that may not say it itself. Throws a ReportError when it is no whole report, or passes a limit.
 */
export async function surveyXml(source: ByteSource, limits: Limits, shapes: Shapes, charset: string | null): Promise<Survey> {
  const decoding: DecodingNotes = { invalidUtf8: false, unknownCharset: null }
  const hash = createHash('sha256')
  let bytes = 0
  const children = new HeadCollector(limits, shapes)
  const scanner = new FeedbackScanner(limits, children)
  async function* measured() {
    for await (const chunk of source.open()) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  let chars = 0
  let hasControls = false
  let hasBlanks = false
  for await (const text of decodeXml(measured(), decoding, charset)) {
    // An XML declaration stands at the very start, or it is none (row 24).
    if (chars === 0) hasBlanks = /^\s+<\?xml\s/.test(text)
    hasControls ||= controls.test(text)
    chars += text.length
    scanner.push(text)
    children.checkOutside(chars)
  }
  scanner.finish()
  const { root, oddities } = scanner.nesting
  if (!root) throw new ReportError({ code: 'not_xml', message: 'There is no XML document in it.' })
  if (hasBlanks) oddities.add('text_before_document')
  if (hasControls) oddities.add('control_characters')
  return { root, ...children.summary(root), hash: hash.digest('hex'), bytes, decoding, oddities }
}

// Illegal in XML 1.0; values are read without them (row 29).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/

/** Keeps the head and counts the records of a document as its pieces pass. */
class HeadCollector implements PieceHandler {
  readonly #limits: Limits
  readonly #head = new Map<string, Piece>()
  readonly #repeated = new Set<string>()
  readonly #recordsByPrefix = new Map<string, number>()
  readonly #shapes: Shapes
  #records = 0
  #recordChars = 0
  #hasExtension = false
  readonly #unknown = new Set<string>()

  constructor(limits: Limits, shapes: Shapes) {
    this.#limits = limits
    this.#shapes = shapes
  }

  pass(text: string, at: number): number {
    const found = this.#shapes.fit(text, at)
    if (found === null) return -1
    this.#recordChars += found.end - at
    this.#countRecord(prefixOf(found.shape.name))
    return found.end
  }

  wants(name: string): boolean {
    const local = localName(name)
    return headNames.has(local) || (local === 'record' && !this.#shapes.isHopeless)
  }

  take(piece: Piece): void {
    const name = localName(piece.name)
    if (name === 'record') {
      this.#recordChars += piece.text.length
      this.#countRecord(prefixOf(piece.name))
      this.#shapes.learn(piece)
    } else if (name === 'extension') this.#hasExtension = true
    else if (!headNames.has(name)) {
      // `extensions` is what drafts had in its place (1.4).
      if (prefixOf(piece.name) === '' && name !== 'extensions' && this.#unknown.size < MAX_UNKNOWN) this.#unknown.add(name)
    } else if (this.#head.has(name)) this.#repeated.add(name)
    else this.#head.set(name, piece)
  }

  /** Comments, white space and foreign elements cost time and no memory, and a gigabyte of them fits into a megabyte. */
  checkOutside(chars: number): void {
    const value = this.#limits.xmlOutsideChars
    if (chars - this.#recordChars <= value) return
    const message = `The document has more than ${value} characters outside of its records.`
    throw new ReportError({ code: 'limit', message, limit: { name: 'xmlOutsideChars', value } })
  }

  #countRecord(prefix: string): void {
    this.#recordsByPrefix.set(prefix, (this.#recordsByPrefix.get(prefix) ?? 0) + 1)
    if (++this.#records <= this.#limits.records) return
    const value = this.#limits.records
    throw new ReportError({ code: 'limit', message: `The report has more than ${value} records.`, limit: { name: 'records', value } })
  }

  summary(
    root: RootElement,
  ): Pick<Survey, 'prefixes' | 'metadata' | 'policy' | 'version' | 'repeated' | 'hasExtension' | 'unknown' | 'records'> {
    const prefixes = new Set(['', root.prefix, ...[...this.#head.values()].map((it) => prefixOf(it.name))])
    return {
      prefixes,
      metadata: this.#head.get('report_metadata') ?? null,
      policy: this.#head.get('policy_published') ?? null,
      version: this.#head.get('version') ?? null,
      repeated: this.#repeated,
      hasExtension: this.#hasExtension,
      unknown: this.#unknown,
      records: [...prefixes].reduce((sum, prefix) => sum + (this.#recordsByPrefix.get(prefix) ?? 0), 0),
    }
  }
}
