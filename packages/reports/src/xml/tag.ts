import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'

/** A start tag found in text: where its name and the tag itself end. */
export interface StartTag {
  name: string
  /** Index of the closing `>`. */
  end: number
  selfClosing: boolean
  /** Text between name and `>` or `/>`, empty in nearly all tags of a report. */
  attributes: string
}

/** `incomplete`: the text ends inside the tag. `text`: this `<` cannot start a tag, some reporters leave it unescaped (row 27). */
export type TagResult = StartTag | 'incomplete' | 'text'

const GREATER = 0x3e
const LESS = 0x3c
const SLASH = 0x2f

/** Reads the start tag whose `<` stands at `at`. */
export function readStartTag(text: string, at: number): TagResult {
  const nameEnd = endOfName(text, at + 1)
  if (nameEnd === text.length) return 'incomplete'
  if (nameEnd === at + 1 || !isNameStart(text.charCodeAt(at + 1))) return 'text'
  const next = text.charCodeAt(nameEnd)
  if (next === GREATER) return { name: text.slice(at + 1, nameEnd), end: nameEnd, selfClosing: false, attributes: '' }
  if (next !== SLASH && !isSpace(next)) return 'text'
  const end = endOfTag(text, nameEnd)
  if (end < 0) return end === INCOMPLETE ? 'incomplete' : 'text'
  const selfClosing = text.charCodeAt(end - 1) === SLASH
  return { name: text.slice(at + 1, nameEnd), end, selfClosing, attributes: text.slice(nameEnd, selfClosing ? end - 1 : end).trim() }
}

const INCOMPLETE = -1
const NO_TAG = -2

function endOfTag(text: string, from: number): number {
  let quote = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LESS) return NO_TAG
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GREATER) return at
    else if (code === 0x22 || code === 0x27) quote = code
  }
  return INCOMPLETE
}

function endOfName(text: string, from: number): number {
  let at = from
  while (at < text.length && isNameChar(text.charCodeAt(at))) at++
  return at
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code >= 0x80
}

function isNameChar(code: number): boolean {
  return isNameStart(code) || (code >= 0x30 && code <= 0x3a) || code === 0x2d || code === 0x2e
}

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** The part of a name before its colon, empty without one; `localName` is what follows it. */
export function prefixOf(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? '' : name.slice(0, colon)
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/**
 * Reads attributes into a map, in one pass: a pattern would go over a long one from each of its characters.
 * Throws a ReportError when one occurs twice, which XML forbids, or there are more than the limit.
 */
export function readAttributes(text: string, limits: Limits): Map<string, string> {
  const found = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (isSpace(code) || code === SLASH || code === EQUALS) {
      at++
      continue
    }
    const nameEnd = endOfAttributeName(text, at)
    const name = text.slice(at, nameEnd)
    const value = readValue(text, nameEnd)
    if (found.has(name)) throw new ReportError({ code: 'not_well_formed', message: 'An element has the same attribute twice.' })
    found.set(name, value.text)
    if (found.size > limits.xmlAttributes) throw tooManyAttributes(limits.xmlAttributes)
    at = value.end
  }
  return found
}

const EQUALS = 0x3d

function endOfAttributeName(text: string, from: number): number {
  let at = from
  while (at < text.length && text.charCodeAt(at) !== EQUALS && !isSpace(text.charCodeAt(at))) at++
  return at
}

/** The value after a name, empty when there is none. */
function readValue(text: string, from: number): { text: string; end: number } {
  let at = from
  while (isSpace(text.charCodeAt(at))) at++
  if (text.charCodeAt(at) !== EQUALS) return { text: '', end: from }
  do at++
  while (isSpace(text.charCodeAt(at)))
  const quote = text.charAt(at)
  if (quote !== '"' && quote !== "'") return { text: '', end: at }
  const end = text.indexOf(quote, at + 1)
  return end < 0 ? { text: '', end: text.length } : { text: text.slice(at + 1, end), end: end + 1 }
}

function tooManyAttributes(value: number): ReportError {
  return new ReportError({
    code: 'limit',
    message: `An element has more than ${value} attributes.`,
    limit: { name: 'xmlAttributes', value },
  })
}
