import { isIP, isIPv4, SocketAddress } from 'node:net'
import { domainToASCII } from 'node:url'
import type { Limits } from '../limits.ts'
import type { WarningLog } from './warning-log.ts'

/** Reads the values of a report (report-formats.md 1.6): never guesses, and notes what it could not take as it is. */
export class ValueReader {
  readonly #limits: Limits
  readonly #log: WarningLog

  constructor(limits: Limits, log: WarningLog) {
    this.#limits = limits
    this.#log = log
  }

  /** Free text without control characters, cut to the limit; null when empty. */
  text(raw: string, path: string): string | null {
    if (raw === '') return null
    // Control characters are illegal in XML 1.0 but occur in comments (row 29).
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const clean = /[\u0000-\u0008\u000b-\u001f\u007f]/.test(raw) ? raw.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '').trim() : raw
    if (clean.length <= this.#limits.textChars) return clean || null
    this.#log.add('text_cut', path, clean)
    return cutText(clean, this.#limits.textChars)
  }

  /** One word of a list, in lower case; null when absent, `unknown` when it is none of the list. */
  word<T extends string>(raw: string, words: ReadonlyMap<string, T>, path: string): T | 'unknown' | null {
    if (raw === '') return null
    const known = words.get(raw) ?? words.get(raw.toLowerCase())
    if (known !== undefined) return known
    this.#log.add('unknown_value', path, raw)
    return 'unknown'
  }

  /** Integer as 1.6 allows it, `12` or `12.0` or `-3`; null when it is none or outside the range of exact numbers. */
  integer(raw: string): number | null {
    // Counts and times are at most 16 digits; the length check comes before the pattern.
    if (raw.length > 40 || !/^-?\d+(?:\.\d+)?$/.test(raw)) return null
    const value = Math.trunc(Number(raw))
    return Number.isSafeInteger(value) ? value : null
  }

  /** Domain in lower case and A-labels, without `<>`, local part and trailing dot; null when empty. Odd ones are kept and noted. */
  domain(raw: string, path: string): string | null {
    if (raw === '') return null
    if (plainDomain.test(raw)) return raw
    let name = bareDomain(raw)
    if (isUnicode(name)) name = domainToASCII(name) || name
    if (name === '') return null
    if (!plainDomain.test(name)) this.#log.add('invalid_domain', path, raw)
    return this.text(name, path)
  }

  /** The domain as reported, where that is not ASCII and so not what `domain` gives. Null for all others. */
  unicodeDomain(raw: string, path: string): string | null {
    return isUnicode(raw) ? this.text(bareDomain(raw), path) : null
  }

  /** Address in canonical text (RFC 5952), brackets dropped; null when it is no address. */
  address(raw: string): string | null {
    const bare = raw.startsWith('[') && raw.endsWith(']') ? raw.slice(1, -1) : raw
    if (isIPv4(bare)) return bare
    if (isIP(bare) === 0 || bare.includes('%')) return null
    return new SocketAddress({ address: bare, family: 'ipv6' }).address
  }
}

/** Without dressing: <example.com>, <user@example.com>, Name <user@example.com>; other brackets are no dressing but part of something odd. */
function bareDomain(raw: string): string {
  let name = raw
  const opening = name.endsWith('>') ? name.lastIndexOf('<') : -1
  if (opening === 0 || (opening > 0 && name.includes('@', opening))) name = name.slice(opening + 1, -1)
  name = name.slice(name.lastIndexOf('@') + 1).trim()
  if (name.endsWith('.')) name = name.slice(0, -1)
  return name.toLowerCase()
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all but ASCII is what is looked for
const isUnicode = (text: string): boolean => /[^\u0000-\u007f]/.test(text)

const plainDomain = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*$/

/** Cuts a text, but no pair of surrogates in two: Postgres and JSON readers refuse the half. */
export function cutText(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/, '')
}
