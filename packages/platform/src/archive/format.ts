import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { OperatorError } from '../operator-error.ts'
import type { Partition, SequenceState, TableShape } from './catalogue.ts'

/*
 * What a backup is inside its gzip: a first line, then frames of one letter, a length (4 bytes, big-endian) and a body.
 *   H  head as JSON
 *   T  name of the table whose rows follow
 *   D  a piece of its rows, in the text format of PostgreSQL's COPY; pieces may be cut anywhere
 *   E  end of the table: its count of rows and their digest, as JSON
 *   Z  end of the backup: tables and rows in all, as JSON. Without it the backup was cut off.
 */
export const firstLine = Buffer.from('ruadar backup\n')
const formatVersion = 1
/** Pieces are what a socket gives at once, some 64 kB; the head has some 100 bytes for each partition. */
const longestFrame = 16 * 1024 * 1024

export interface Head {
  format: number
  /** ISO 8601, UTC: as of when the rows are. */
  madeAt: string
  /** As of the table `migrations`: the schema that the rows fit. */
  migrations: { name: string; checksum: string }[]
  tables: TableShape[]
  partitions: Partition[]
  sequences: SequenceState[]
}

export interface TableEnd {
  rows: number
  digest: string
}

export interface Totals {
  tables: number
  rows: number
}

const row = <T extends Record<string, Type.TString>>(fields: T) => Type.Array(Type.Object(fields))
const headShape = Type.Object({
  format: Type.Integer(),
  madeAt: Type.String(),
  migrations: row({ name: Type.String(), checksum: Type.String() }),
  tables: Type.Array(Type.Object({ name: Type.String(), columns: Type.Array(Type.String(), { minItems: 1 }) })),
  partitions: row({ parent: Type.String(), name: Type.String(), bound: Type.String() }),
  sequences: row({ name: Type.String(), value: Type.String({ pattern: '^-?[0-9]+$' }) }),
})
const endShape = Type.Object({ rows: Type.Integer(), digest: Type.String() })
const totalsShape = Type.Object({ tables: Type.Integer(), rows: Type.Integer() })

export type Frame =
  | { kind: 'H'; head: Head }
  | { kind: 'T'; table: string }
  | { kind: 'D'; piece: Buffer }
  | { kind: 'E'; end: TableEnd }
  | { kind: 'Z'; totals: Totals }

export function frame(kind: Frame['kind'], body: Uint8Array): Buffer {
  const start = Buffer.alloc(5)
  start.write(kind, 'latin1')
  start.writeUInt32BE(body.byteLength, 1)
  return Buffer.concat([start, body])
}

export const jsonFrame = (kind: 'H' | 'E' | 'Z', value: unknown): Buffer => frame(kind, Buffer.from(JSON.stringify(value)))

export const newHead = (given: Omit<Head, 'format' | 'madeAt'>, madeAt: Date): Head => ({
  format: formatVersion,
  madeAt: madeAt.toISOString(),
  ...given,
})

export function damaged(detail: string, cause?: unknown): OperatorError {
  return new OperatorError(`The backup is damaged or was cut off (${detail}): nothing was restored.`, 'Take another copy of it.', { cause })
}

/** Reads a backup frame by frame, in any pieces. An OperatorError when it is none, of a newer format, damaged or cut off. */
export async function* readFrames(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const bytes = new Pieces(source)
  try {
    if (!(await bytes.take(firstLine.length))?.equals(firstLine)) {
      throw new OperatorError('This is no backup of Ruadar.', 'Name a file that `ruadar backup` has made.')
    }
    for (;;) {
      const start = await bytes.take(5)
      if (!start) throw damaged('its end is missing')
      const length = start.readUInt32BE(1)
      if (length > longestFrame) throw damaged('a piece is too long')
      const body = await bytes.take(length)
      if (!body) throw damaged('its end is missing')
      const read = parseFrame(start.toString('latin1', 0, 1), body)
      // Before the last frame is believed: what comes next is the checksum at the end of the gzip.
      if (read.kind === 'Z' && (await bytes.take(1))) throw damaged('something follows its end')
      yield read
      if (read.kind === 'Z') return
    }
  } finally {
    await bytes.close()
  }
}

function parseFrame(kind: string, body: Buffer): Frame {
  if (kind === 'T') return { kind, table: body.toString() }
  if (kind === 'D') return { kind, piece: body }
  if (kind === 'H') return { kind, head: parseHead(body) }
  if (kind === 'E') return { kind, end: parseJson<TableEnd>(body, endShape) }
  if (kind === 'Z') return { kind, totals: parseJson<Totals>(body, totalsShape) }
  throw damaged('a piece of no known kind')
}

function parseHead(body: Buffer): Head {
  const { format } = parseJson<Pick<Head, 'format'>>(body, Type.Object({ format: Type.Integer() }))
  if (format > formatVersion) {
    throw new OperatorError('The backup was made by a newer Ruadar.', 'Restore it with that version or a newer one.')
  }
  return parseJson<Head>(body, headShape)
}

function parseJson<T>(body: Buffer, shape: Type.TSchema): T {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (Value.Check(shape, value)) return value as T
  } catch (error) {
    throw damaged('a piece cannot be read', error)
  }
  throw damaged('a piece has another shape')
}

/** Bytes of a stream in the lengths that are asked for. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>
  #waiting: Buffer[] = []
  #length = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** The next so many bytes; null when fewer are left. */
  async take(length: number): Promise<Buffer | null> {
    while (this.#length < length) {
      const { value, done } = await this.#source.next()
      if (done) return null
      this.#waiting.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
      this.#length += value.byteLength
    }
    const [first] = this.#waiting
    const all = first && this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting)
    this.#waiting = [all.subarray(length)]
    this.#length = all.length - length
    return all.subarray(0, length)
  }

  async close(): Promise<void> {
    await this.#source.return?.()
  }
}
