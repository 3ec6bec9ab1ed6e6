import { createInflate, createInflateRaw, type InflateRaw, inflateRawSync, inflateSync } from 'node:zlib'
import { ReportError } from '../report.ts'
import type { ChunkReader } from './chunk-reader.ts'

const CHUNK = 64 * 1024

/**
 * Inflates one deflate stream (`raw`) or zlib stream as it comes, and gives the reader back what follows it.
 * Throws a ReportError: `truncated` when the input ends inside, `bad_gzip` when it is no such stream.
 */
export async function* inflate(reader: ChunkReader, format: 'raw' | 'zlib'): AsyncGenerator<Uint8Array> {
  const small = await inflateSmall(reader, format)
  if (small !== null) {
    yield small
    return
  }
  const engine = format === 'raw' ? createInflateRaw({ chunkSize: CHUNK }) : createInflate({ chunkSize: CHUNK })
  const feed = new Feed(engine, reader)
  const feeding = feed.run()
  try {
    for await (const chunk of engine) yield chunk as Uint8Array
    await feeding
    for (const chunk of feed.leftOver().reverse()) reader.unread(chunk)
  } catch (error) {
    throw isZlibError(error) ? inflateError(error.code) : error
  } finally {
    engine.destroy()
    await feeding
  }
}

const SMALL_INPUT = 32 * 1024
const SMALL_OUTPUT = 256 * 1024

/**
 * What a short stream inflates to, at once: most reports are a few kilobytes, and a stream of its own for each costs more than
 * all the rest. Null, with nothing read, when it is not that short or anything is wrong with it.
 */
async function inflateSmall(reader: ChunkReader, format: 'raw' | 'zlib'): Promise<Uint8Array | null> {
  const chunk = await reader.next()
  if (chunk === null) return null
  if (chunk.length <= SMALL_INPUT) {
    try {
      const inflateNow = format === 'raw' ? inflateRawSync : inflateSync
      // With `info` the engine comes too, which says how far it read; the types don't know.
      const options = { info: true, maxOutputLength: SMALL_OUTPUT }
      const { buffer, engine } = inflateNow(chunk, options) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } }
      reader.unread(chunk.subarray(engine.bytesWritten))
      return buffer
    } catch {
      // The stream says what is wrong, or goes on with the next chunk.
    }
  }
  reader.unread(chunk)
  return null
}

class Feed {
  readonly #engine: InflateRaw
  readonly #reader: ChunkReader
  readonly #over: Promise<unknown>
  /** Chunks given to the engine that it may not have consumed, the last ones. */
  #given: Uint8Array[] = []
  #fed = 0
  #open = true

  constructor(engine: InflateRaw, reader: ChunkReader) {
    this.#engine = engine
    this.#reader = reader
    const stop = () => {
      this.#open = false
    }
    this.#over = new Promise<void>((resolve) => {
      for (const event of ['end', 'error', 'close']) engine.once(event, () => resolve(stop()))
    })
  }

  /** Writes one chunk at a time, so that little is given in vain when the stream ends. A failing source fails the engine. */
  async run(): Promise<void> {
    try {
      while (this.#open) {
        const chunk = await this.#reader.next()
        if (chunk === null) {
          this.#engine.end()
          return
        }
        if (!this.#open) {
          this.#reader.unread(chunk)
          return
        }
        this.#given = [...this.leftOver(), chunk]
        this.#fed += chunk.length
        // The callback may never come for the chunk in which the stream ends.
        await Promise.race([new Promise((resolve) => this.#engine.write(chunk, resolve)), this.#over])
      }
    } catch (error) {
      this.#engine.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** What the engine has not consumed, in order. */
  leftOver(): Uint8Array[] {
    let rest = this.#fed - this.#engine.bytesWritten
    const chunks: Uint8Array[] = []
    for (const chunk of this.#given.toReversed()) {
      if (rest <= 0) break
      chunks.unshift(chunk.subarray(Math.max(0, chunk.length - rest)))
      rest -= chunk.length
    }
    return chunks
  }
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}

function inflateError(code: string): ReportError {
  return code === 'Z_BUF_ERROR'
    ? new ReportError({ code: 'truncated', message: 'The compressed data ends too early.' })
    : new ReportError({ code: 'bad_gzip', message: 'The compressed data is damaged.' })
}
