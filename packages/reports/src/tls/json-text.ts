import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'

/** The JSON document of a text, and what stood round it. */
export interface JsonDocument {
  root: unknown
  /** The document as it is written. */
  text: string
  /** The members of an array at the root as they are written; none when the root is no array. */
  members: readonly string[]
  hasHead: boolean
  hasTail: boolean
}

/**
 * Parses the first JSON document of a text, after one linear scan has proved its depth and number of values, so that neither stack nor
 * memory can be exhausted. Throws a ReportError: `limit`, `truncated`, `not_well_formed`, or `several_documents` when another follows.
 */
export function parseJson(text: string, limits: Limits): JsonDocument {
  const start = startOfDocument(text)
  const { end, members } = scan(text, start, limits)
  const tail = text.slice(end).trim()
  // Two documents are never mixed into one report, and half of a file is never dropped in silence.
  if (tail.startsWith('{') || tail.startsWith('[')) {
    throw new ReportError({ code: 'several_documents', message: 'The file holds several JSON documents.' })
  }
  const document = text.slice(start, end)
  try {
    const root: unknown = JSON.parse(document)
    return { root, text: document, members, hasHead: text.slice(0, start).trim() !== '', hasTail: tail !== '' }
  } catch {
    throw new ReportError({ code: 'not_well_formed', message: 'It is not valid JSON.' })
  }
}

/** Something may stand before it, as before XML (row 24), but a bracket of that is not taken for the document. */
function startOfDocument(text: string): number {
  const start = Math.max(0, text.search(/\S/))
  if (text[start] === '{' || text[start] === '[') return start
  const later = text.slice(0, LOOKED_AT).search(/(?:\[\s*)?\{\s*"/)
  return later >= 0 ? later : start
}

const LOOKED_AT = 1024

function scan(text: string, start: number, limits: Limits): { end: number; members: string[] } {
  const members: string[] = []
  const inArray = text.charCodeAt(start) === 0x5b
  let depth = 0
  let values = 0
  let quoted = false
  let member = start + 1
  for (let at = start; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (quoted) {
      if (char === 0x5c) at++
      else if (char === 0x22) quoted = false
    } else if (char === 0x22) quoted = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > limits.jsonDepth) throw passed('jsonDepth', limits.jsonDepth, 'The JSON is nested deeper than')
    } else if (char === 0x7d || char === 0x5d) {
      if (--depth > 0) continue
      if (inArray) members.push(text.slice(member, at).trim())
      return { end: at + 1, members }
    } else if (char === 0x2c) {
      if (++values > limits.jsonValues) throw passed('jsonValues', limits.jsonValues, 'The JSON has more values than')
      if (!inArray || depth !== 1) continue
      members.push(text.slice(member, at).trim())
      member = at + 1
    }
  }
  throw new ReportError({ code: 'truncated', message: 'The JSON ends too early.' })
}

function passed(name: 'jsonDepth' | 'jsonValues', value: number, sentence: string): ReportError {
  return new ReportError({ code: 'limit', message: `${sentence} ${value}.`, limit: { name, value } })
}
