import { createHash } from 'node:crypto'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'
import { type DecodingNotes, decodeXml } from './encoding.ts'
import { FeedbackScanner, type Oddity, type Piece, type RootElement } from './scanner.ts'
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
  repeated: string[]
  hasExtension: boolean
  records: number
  /** Lower-case hex SHA-256 of the bytes. */
  hash: string
  bytes: number
  decoding: DecodingNotes
  oddities: ReadonlySet<Oddity>
}

const headNames: ReadonlySet<string> = new Set(['version', 'report_metadata', 'policy_published'])

/**
 * Reads a document once from end to end without keeping it: proves that it is complete, finds the head wherever it stands,
 * counts the records and takes the hash. Throws a ReportError when it is no whole report, or passes a limit.
 */
export async function surveyXml(source: ByteSource, limits: Limits): Promise<Survey> {
  const decoding: DecodingNotes = { invalidUtf8: false, unknownCharset: null }
  const hash = createHash('sha256')
  let bytes = 0
  const head = new Map<string, Piece>()
  const repeated: string[] = []
  const recordsByPrefix = new Map<string, number>()
  let records = 0
  let hasExtension = false
  const scanner = new FeedbackScanner(
    limits,
    (name) => headNames.has(localName(name)),
    (piece) => {
      const name = localName(piece.name)
      if (name === 'record') {
        const prefix = prefixOf(piece.name)
        recordsByPrefix.set(prefix, (recordsByPrefix.get(prefix) ?? 0) + 1)
        if (++records > limits.records) {
          throw new ReportError({
            code: 'limit',
            message: `The report has more than ${limits.records} records.`,
            limit: { name: 'records', value: limits.records },
          })
        }
      } else if (headNames.has(name)) {
        if (head.has(name)) repeated.push(name)
        else head.set(name, piece)
      } else if (name === 'extension') hasExtension = true
    },
  )
  async function* measured() {
    for await (const chunk of source.open()) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  for await (const text of decodeXml(measured(), decoding)) scanner.push(text)
  scanner.finish()
  const { root, oddities } = scanner
  if (!root) throw new ReportError({ code: 'not_xml', message: 'There is no XML document in it.' })
  const prefixes = new Set(['', root.prefix, ...[...head.values()].map((it) => prefixOf(it.name))])
  return {
    root,
    prefixes,
    metadata: head.get('report_metadata') ?? null,
    policy: head.get('policy_published') ?? null,
    version: head.get('version') ?? null,
    repeated,
    hasExtension,
    records: [...prefixes].reduce((sum, prefix) => sum + (recordsByPrefix.get(prefix) ?? 0), 0),
    hash: hash.digest('hex'),
    bytes,
    decoding,
    oddities,
  }
}
