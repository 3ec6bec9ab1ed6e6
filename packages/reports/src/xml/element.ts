import { EntityDecoder, XML } from '@nodable/entities'
import { XMLParser } from 'fast-xml-parser'
import { ReportError } from '../report.ts'

/** Children of an element in document order, as fast-xml-parser gives them: one object per child, whose only key is its name. */
export type Nodes = readonly Node[]
export type Node = { readonly [name: string]: unknown }

const TEXT = '#text'
// The library refuses a whole piece for the sake of such a name; renamed they are unknown elements like any other.
const unsafeNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
const options = {
  preserveOrder: true,
  // Otherwise a report id of digits becomes a number, and a long one loses its end.
  parseTagValue: false,
  ignoreAttributes: true,
  jPath: false,
  transformTagName: (name: string) => (unsafeNames.has(name) ? `_${name}` : name),
} as const
const plain = new XMLParser({ ...options, processEntities: false })
const decoding = new XMLParser({
  ...options,
  processEntities: true,
  // Own decoder: the five built-in entities and numeric references, nothing that a document could declare.
  entityDecoder: new EntityDecoder({ namedEntities: XML, numericAllowed: true }),
})

/** Parses one element that the scanner has cut out and returns its children. Throws a ReportError when the library refuses it. */
export function parseElement(text: string): Nodes {
  try {
    // Most elements have no entities, and looking for them costs time.
    const parsed: Node[] = (text.includes('&') ? decoding : plain).parse(text)
    const [element] = parsed
    return element === undefined ? [] : childrenOf(element)
  } catch (cause) {
    const error = new ReportError({ code: 'not_well_formed', message: 'An element can not be parsed.' })
    error.cause = cause
    throw error
  }
}

/** True when text outside CDATA has an `&` that starts no reference: not XML, but whole (row 27). */
export function hasBareAmpersand(text: string): boolean {
  return (
    text.includes('&') && /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i.test(text.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''))
  )
}

/** The name of a child as written, prefix included. */
export function nameOf(node: Node): string {
  for (const name in node) return name
  return TEXT
}

export function childrenOf(node: Node): Nodes {
  const children = node[nameOf(node)]
  return Array.isArray(children) ? children : []
}

/** Text and CDATA of an element, put together and trimmed; empty without any. */
export function textOf(node: Node): string {
  const children = childrenOf(node)
  let text = ''
  for (const child of children) {
    const value = child[TEXT]
    if (typeof value === 'string') text += value
  }
  return text.trim()
}

/**
 * Names of the core elements by local name (report-formats.md 1.1): any prefix that the report uses for its own elements
 * counts as none, a foreign one makes the element an extension.
 */
export class CoreNames {
  readonly #prefixes: ReadonlySet<string>

  constructor(prefixes: Iterable<string>) {
    this.#prefixes = new Set(prefixes)
  }

  /** Local name of a core element, null for an element of an extension. */
  coreName(name: string): string | null {
    const colon = name.indexOf(':')
    if (colon < 0) return name
    return this.#prefixes.has(name.slice(0, colon)) ? name.slice(colon + 1) : null
  }
}
