import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'

/**
 * Parses the first JSON document of a text, after one linear scan has proved its depth and number of values, so that neither stack nor
 * memory can be exhausted. Throws a ReportError: `limit`, `truncated`, `not_well_formed`, or `several_documents` when another follows.
 */
export function parseJson(text: string, limits: Limits): { root: unknown; hasTail: boolean } {
  const start = text.search(/\S/)
  const end = endOfDocument(text, limits)
  const tail = text.slice(end).trim()
  // Two documents are never mixed into one report, and half of a file is never dropped in silence.
  if (tail.startsWith('{') || tail.startsWith('[')) {
    throw new ReportError({ code: 'several_documents', message: 'The file holds several JSON documents.' })
  }
  try {
    return { root: JSON.parse(text.slice(start, end)), hasTail: tail !== '' }
  } catch {
    throw new ReportError({ code: 'not_well_formed', message: 'It is not valid JSON.' })
  }
}

function endOfDocument(text: string, limits: Limits): number {
  let depth = 0
  let values = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (quoted) {
      if (char === 0x5c) at++
      else if (char === 0x22) quoted = false
    } else if (char === 0x22) quoted = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > limits.jsonDepth) throw passed('jsonDepth', limits.jsonDepth, 'The JSON is nested deeper than')
    } else if (char === 0x7d || char === 0x5d) {
      if (--depth === 0) return at + 1
    } else if (char === 0x2c && ++values > limits.jsonValues) throw passed('jsonValues', limits.jsonValues, 'The JSON has more values than')
  }
  throw new ReportError({ code: 'truncated', message: 'The JSON ends too early.' })
}

function passed(name: 'jsonDepth' | 'jsonValues', value: number, sentence: string): ReportError {
  return new ReportError({ code: 'limit', message: `${sentence} ${value}.`, limit: { name, value } })
}
