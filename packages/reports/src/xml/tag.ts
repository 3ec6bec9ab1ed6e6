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

/** Reads attributes into a map. Throws when one occurs twice, which XML forbids, or there are more than the limit. */
export function readAttributes(text: string, limits: Limits): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, name, double, single] of text.matchAll(/([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (found.has(name ?? '')) throw new ReportError({ code: 'not_well_formed', message: 'An element has the same attribute twice.' })
    found.set(name ?? '', double ?? single ?? '')
    if (found.size > limits.xmlAttributes) {
      throw new ReportError({
        code: 'limit',
        message: `An element has more than ${limits.xmlAttributes} attributes.`,
        limit: { name: 'xmlAttributes', value: limits.xmlAttributes },
      })
    }
  }
  return found
}
