import { once } from 'node:events'
import { createInflate, createInflateRaw, type InflateRaw } from 'node:zlib'
import { ReportError } from '../report.ts'
import type { ChunkReader } from './chunk-reader.ts'

const CHUNK = 64 * 1024

/**
 * Inflates one deflate stream (`raw`) or zlib stream as it comes, and gives the reader back what follows it.
 * Throws a ReportError: `truncated` when the input ends inside, `bad_gzip` when it is no such stream.
 */
export async function* inflate(reader: ChunkReader, format: 'raw' | 'zlib'): AsyncGenerator<Uint8Array> {
  const engine = format === 'raw' ? createInflateRaw({ chunkSize: CHUNK }) : createInflate({ chunkSize: CHUNK })
  const feed = new Feed(engine, reader)
  const feeding = feed.run()
  try {
    for await (const chunk of engine) yield chunk as Uint8Array
    await feeding
    reader.unread(feed.leftOver())
  } catch (error) {
    throw isZlibError(error) ? inflateError(error.code) : error
  } finally {
    engine.destroy()
    await feeding
  }
}

class Feed {
  readonly #engine: InflateRaw
  readonly #reader: ChunkReader
  readonly #over: Promise<unknown>
  #last: Uint8Array = new Uint8Array(0)
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

  /** Writes one chunk at a time, so that what the engine did not consume is part of the last one. A failing source fails the engine. */
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
        this.#last = chunk
        this.#fed += chunk.length
        if (!this.#engine.write(chunk)) await Promise.race([once(this.#engine, 'drain').catch(() => {}), this.#over])
      }
    } catch (error) {
      this.#engine.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  leftOver(): Uint8Array {
    const rest = this.#fed - this.#engine.bytesWritten
    return rest > 0 ? this.#last.subarray(Math.max(0, this.#last.length - rest)) : new Uint8Array(0)
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
