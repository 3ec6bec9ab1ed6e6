import { Buffer } from 'node:buffer'

/** Reads a stream of bytes by pieces of any length, and takes back what was read too far. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array[] = []

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#chunks = bytes[Symbol.asyncIterator]()
  }

  /** The next stretch of bytes, as long as it happens to be; null at the end. */
  async next(): Promise<Uint8Array | null> {
    for (;;) {
      const held = this.#held.pop()
      if (held) return held
      const { done, value } = await this.#chunks.next()
      if (done) return null
      if (value.length > 0) return value
    }
  }

  /** Exactly `length` bytes, fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let missing = length
    while (missing > 0) {
      const chunk = await this.next()
      if (chunk === null) break
      parts.push(chunk.subarray(0, missing))
      if (chunk.length > missing) this.unread(chunk.subarray(missing))
      missing -= Math.min(missing, chunk.length)
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#held.push(bytes)
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

/** The first `length` bytes of a stream, fewer when it is shorter; the rest is not read. */
export async function peek(bytes: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const reader = new ChunkReader(bytes)
  try {
    return await reader.take(length)
  } finally {
    await reader.close()
  }
}
