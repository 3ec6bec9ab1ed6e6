import { cutText, ValueReader } from '../aggregate/values.ts'
import type { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own members alone: `__proto__` and the like are names as any other. */
export const field = (value: unknown, name: string): unknown => (isFields(value) && Object.hasOwn(value, name) ? value[name] : undefined)

/** Reads the values of a TLS report: never guesses, and notes what it could not take as it is. */
export class JsonValues {
  readonly #limits: Limits
  readonly #log: WarningLog
  readonly #values: ValueReader
  #sum = 0

  constructor(limits: Limits, log: WarningLog) {
    this.#limits = limits
    this.#log = log
    this.#values = new ValueReader(limits, log)
  }

  /** Text as reported, control characters and all: a report id that differs in one is another id. No half surrogates. */
  text(from: unknown, name: string): string | null {
    const raw = field(from, name)
    if (raw === undefined || raw === null) return null
    if (typeof raw !== 'string' && typeof raw !== 'number') {
      this.#log.add('invalid_type', name)
      return null
    }
    const text = String(raw)
      .replaceAll(/\p{Cs}/gu, '\ufffd')
      .trim()
    if (text.length > this.#limits.textChars) this.#log.add('text_cut', name, text)
    return cutText(text, this.#limits.textChars) || null
  }

  /** Like `text`, with a warning when there is none. */
  required(from: unknown, name: string): string | null {
    const text = this.text(from, name)
    if (text === null && typeof (field(from, name) ?? '') === 'string') this.#log.add('missing', name)
    return text
  }

  /** Like `text`, without control characters. */
  clean(from: unknown, name: string): string | null {
    return withoutControls(this.text(from, name))
  }

  /** A word in lower case, with a warning when it is none of those that the standard knows: its lists are open, so it stays. */
  word(from: unknown, name: string, known: ReadonlySet<string>): string {
    const word = this.clean(from, name)?.toLowerCase()
    if (word === undefined) this.#log.add('missing', name)
    else if (!known.has(word)) this.#log.add('unknown_value', name, word)
    return word ?? 'unknown'
  }

  /** Texts of an array; a single one in its place is taken as well. */
  list(raw: unknown, name: string): string[] {
    const given: readonly unknown[] = Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]
    const items = given.filter((it) => typeof it === 'string' || typeof it === 'number')
    if (items.length < given.length) this.#log.add('invalid_type', name)
    if (items.length > this.#limits.listItems) this.#log.add('list_cut', name, String(items.length))
    return items.slice(0, this.#limits.listItems).flatMap((it) => this.clean({ [name]: it }, name) ?? [])
  }

  /** Sessions: whole numbers, as text too. A count that is none, or would make sums inexact, is void. */
  count(from: unknown, name: string, summed: boolean): number {
    const raw = field(from, name)
    if (raw === Infinity || raw === -Infinity) {
      throw new ReportError({ code: 'not_well_formed', message: 'A number of the report is too large to be one.', where: name })
    }
    const value = typeof raw === 'string' && /^\s*\d{1,16}(?:\.0{1,9})?\s*$/.test(raw) ? Number(raw) : typeof raw === 'number' ? raw : -1
    if (!Number.isSafeInteger(value) || value < 0 || (summed && this.#sum + value > Number.MAX_SAFE_INTEGER)) {
      this.#log.add(raw === undefined || raw === null ? 'missing' : 'invalid_count', name, raw === undefined ? null : JSON.stringify(raw))
      return 0
    }
    if (typeof raw === 'string') this.#log.add('number_as_text', name, raw)
    if (summed) this.#sum += value
    return value
  }

  /** Domain in lower case and A-labels, and as reported where that is not ASCII. */
  domain(from: unknown, name: string): { domain: string | null; asReported: string | null } {
    const raw = this.clean(from, name) ?? ''
    return { domain: this.#values.domain(raw, name), asReported: this.#values.unicodeDomain(raw, name) }
  }

  /** Canonical address, null with a warning for what is none. */
  address(from: unknown, name: string): string | null {
    const raw = this.clean(from, name)
    const address = raw === null ? null : this.#values.address(raw)
    if (raw !== null && address === null) this.#log.add('invalid_address', name, raw)
    return address
  }
}

function withoutControls(text: string | null): string | null {
  return text?.replaceAll(/\p{Cc}/gu, '').trim() || null
}
