import type { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import type { RawField } from './fields.ts'
import { fieldText } from './sample.ts'

/** Reads the fields of a feedback part by their names, which are the same in any case (RFC 5965 3). */
export class FieldReader {
  readonly #fields: readonly RawField[]
  readonly #limits: Limits
  readonly #log: WarningLog

  constructor(fields: readonly RawField[], limits: Limits, log: WarningLog) {
    this.#fields = fields
    this.#limits = limits
    this.#log = log
  }

  #named(name: string): RawField[] {
    const key = name.toLowerCase()
    return this.#fields.filter((it) => it.name.toLowerCase() === key)
  }

  /** A field that should stand once: the first counts. Null when absent or empty. */
  one(name: string): string | null {
    const [field, second] = this.#named(name)
    if (field === undefined) return null
    if (second !== undefined) this.#log.add('repeated', name)
    return fieldText(field, name, this.#limits, this.#log) || null
  }

  /** Text without comments. */
  words(name: string): string | null {
    return withoutComments(this.one(name))
  }

  /** A word of a list, in lower case, without comments. */
  word(name: string): string | null {
    return this.words(name)?.toLowerCase() ?? null
  }

  /** The first of several values in one field, as Netease writes them. */
  first(name: string): string | null {
    const value = this.one(name)
    const [head = '', ...more] = (value ?? '').split(/[;,]/)
    if (more.some((it) => it.trim() !== '')) this.#log.add('several_values', name, value)
    return head.trim() || null
  }

  all(name: string): string[] {
    const fields = this.#named(name)
    if (fields.length > this.#limits.listItems) this.#log.add('list_cut', name, String(fields.length))
    return fields
      .slice(0, this.#limits.listItems)
      .map((it) => fieldText(it, name, this.#limits, this.#log))
      .filter((it) => it !== '')
  }

  /** Addresses without `<>`; empty for the null reverse-path. Redacted ones (RFC 6590) are no addresses and stay as they are. */
  address(name: string): string[] {
    return this.#named(name)
      .slice(0, this.#limits.listItems)
      .flatMap((it) => separated(fieldText(it, name, this.#limits, this.#log)))
      .slice(0, this.#limits.listItems)
      .map((it) => it.replace(/^<(.*)>$/, '$1').trim())
  }
}

/** Several addresses in one field, where each is plainly one: a local part may hold commas too. */
function separated(text: string): string[] {
  const parts = text.split(/[,;]/).map((it) => it.trim())
  return parts.length > 1 && parts.every((it) => /^<?[^\s<>"]+@[^\s<>"@]+>?$/.test(it)) ? parts : [text]
}

/** Drops comments (RFC 5322 3.2.2), nested ones too, in linear time. */
function withoutComments(text: string | null): string | null {
  if (text === null || !text.includes('(')) return text
  let depth = 0
  let kept = ''
  for (const char of text) {
    if (char === '(') depth++
    else if (char === ')') depth = Math.max(0, depth - 1)
    else if (depth === 0) kept += char
  }
  return kept.replaceAll(/\s+/g, ' ').trim() || null
}
