/** Bytes that can be read more than once: reading a report takes two passes, so that nothing of a cut one is imported. */
export interface ByteSource {
  /** Length in bytes where it is known beforehand. */
  readonly size: number | null
  /** All of it, where it is in memory anyway: mails inside mails need not be copied at each level. */
  readonly bytes?: Uint8Array
  open(): AsyncIterable<Uint8Array>
}

// Inflaters are fed in slices of this size, so that a limit stops them soon after it was passed.
const SLICE = 64 * 1024

/** Makes a source of bytes that are in memory already. */
export function fromBytes(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    bytes,
    async *open() {
      for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE)
    },
  }
}
