import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'

const KEPT_BYTES = 64 * 1024

/** What one input may cost over all that is inside it: bytes that archives inflate to, layers inside layers counted each, and parts of mails. */
export class Budget {
  readonly #limits: Limits
  #spent = 0
  #parts = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Charges the parts of one mail. Throws a ReportError when all mails of the input together have too many. */
  chargeParts(parts: number): void {
    const value = this.#limits.mailPartsTotal
    this.#parts += parts
    if (this.#parts <= value) return
    const message = `The mails inside each other have more than ${value} parts.`
    throw new ReportError({ code: 'limit', message, limit: { name: 'mailPartsTotal', value } })
  }

  /**
   * Makes a source of what an archive layer inflates to, which ends with a ReportError when one of the limits is passed.
   * It is opened several times (to look, to survey, to read); only what goes beyond the time before is charged.
   */
  limited(open: () => AsyncIterable<Uint8Array>): ByteSource {
    const { inflatedBytes, inflatedBytesTotal } = this.#limits
    let charged = 0
    const charge = (produced: number) => {
      if (produced <= charged) return
      this.#spent += produced - charged
      charged = produced
      if (produced > inflatedBytes) throw tooMuch('inflatedBytes', inflatedBytes, 'The archive')
      if (this.#spent > inflatedBytesTotal) throw tooMuch('inflatedBytesTotal', inflatedBytesTotal, 'All archives together')
    }
    // What is small is inflated once.
    let kept: readonly Uint8Array[] | null = null
    return {
      size: null,
      async *open() {
        if (kept !== null) {
          yield* kept
          return
        }
        let produced = 0
        let held: Uint8Array[] = []
        for await (const chunk of open()) {
          produced += chunk.length
          charge(produced)
          held.push(chunk)
          if (produced <= KEPT_BYTES) continue
          yield* held
          held = []
        }
        if (produced <= KEPT_BYTES) kept = held
        yield* held
      },
    }
  }
}

function tooMuch(name: string, value: number, subject: string): ReportError {
  return new ReportError({ code: 'limit', message: `${subject} would unpack to more than ${value} bytes.`, limit: { name, value } })
}

/** Brings a source into memory. Throws a ReportError with the limit named when it is longer than that. */
export async function collect(source: ByteSource, limits: Limits, name: 'mailBytes' | 'zipBytes' | 'jsonBytes'): Promise<Buffer> {
  const { bytes } = source
  if (bytes && bytes.length <= limits[name]) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of source.open()) {
    length += chunk.length
    if (length > limits[name]) {
      throw new ReportError({ code: 'limit', message: `It is larger than ${limits[name]} bytes.`, limit: { name, value: limits[name] } })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
