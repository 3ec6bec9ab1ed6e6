import type { Limits } from '../limits.ts'
import type { ByteSource } from '../source.ts'
import { decodeXml } from './encoding.ts'
import type { Piece } from './piece.ts'
import { FeedbackScanner } from './scanner.ts'
import { localName, prefixOf } from './tag.ts'

/** The second pass: yields the records of a surveyed document, those of one stretch of text at a time. */
export async function* splitRecords(source: ByteSource, prefixes: ReadonlySet<string>, limits: Limits): AsyncGenerator<Piece[]> {
  let pieces: Piece[] = []
  const isRecord = (name: string) => localName(name) === 'record' && prefixes.has(prefixOf(name))
  const scanner = new FeedbackScanner(limits, {
    wants: isRecord,
    take: (piece) => {
      if (isRecord(piece.name)) pieces.push(piece)
    },
  })
  for await (const text of decodeXml(source.open(), { invalidUtf8: false, unknownCharset: null })) {
    scanner.push(text)
    if (pieces.length === 0) continue
    yield pieces
    pieces = []
  }
  scanner.finish()
}
