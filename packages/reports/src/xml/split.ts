import type { Limits } from '../limits.ts'
import type { ByteSource } from '../source.ts'
import type { Nodes } from './element.ts'
import { decodeXml } from './encoding.ts'
import type { Piece } from './piece.ts'
import { FeedbackScanner } from './scanner.ts'
import type { Shapes } from './shape.ts'
import { localName, prefixOf } from './tag.ts'

/** What is done with a record: it comes as its children when its shape is known, else as a piece to be parsed. */
export interface RecordReader<T> {
  fromNodes(nodes: Nodes): T
  fromPiece(piece: Piece): T
}

/** The second pass: reads the records of a surveyed document, in their order, and yields those of one stretch of text at a time. */
export async function* readRecords<T>(
  source: ByteSource,
  { prefixes, shapes, limits, charset }: { prefixes: ReadonlySet<string>; shapes: Shapes; limits: Limits; charset: string | null },
  reader: RecordReader<T>,
): AsyncGenerator<T[]> {
  let read: T[] = []
  const isRecord = (name: string) => localName(name) === 'record' && prefixes.has(prefixOf(name))
  const scanner = new FeedbackScanner(limits, {
    pass: (text, at) => {
      const found = shapes.fit(text, at)
      if (found === null) return -1
      if (isRecord(found.shape.name)) read.push(reader.fromNodes(found.shape.fill()))
      return found.end
    },
    wants: isRecord,
    take: (piece) => {
      if (isRecord(piece.name)) read.push(reader.fromPiece(piece))
    },
  })
  for await (const text of decodeXml(source.open(), { invalidUtf8: false, unknownCharset: null }, charset)) {
    scanner.push(text)
    if (read.length === 0) continue
    yield read
    read = []
  }
  scanner.finish()
}
