import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { ByteSource } from '../source.ts'

/** Bytes that all archives of one input have inflated to, layers inside layers counted each. */
export class Budget {
  readonly #limits: Limits
  #spent = 0

  constructor(limits: Limits) {
    this.#limits = limits
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
    return {
      size: null,
      async *open() {
        let produced = 0
        for await (const chunk of open()) {
          produced += chunk.length
          charge(produced)
          yield chunk
        }
      },
    }
  }
}

function tooMuch(name: string, value: number, subject: string): ReportError {
  return new ReportError({ code: 'limit', message: `${subject} would unpack to more than ${value} bytes.`, limit: { name, value } })
}

/** Reads a stream into memory. Throws a ReportError with the limit named when it is longer than that. */
export async function collect(
  bytes: AsyncIterable<Uint8Array>,
  limits: Limits,
  name: 'mailBytes' | 'zipBytes' | 'jsonBytes',
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > limits[name]) {
      throw new ReportError({ code: 'limit', message: `It is larger than ${limits[name]} bytes.`, limit: { name, value: limits[name] } })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
