import { Buffer, isAscii, isUtf8 } from 'node:buffer'

/** What `decodeXml` met on the way; complete when the text has ended. */
export interface DecodingNotes {
  /** Bytes that are not UTF-8 became U+FFFD (row 25: Mail::DMARC installations with Latin-1 names). */
  invalidUtf8: boolean
  /** The declared charset when it is none that we know; the text was then read as UTF-8. */
  unknownCharset: string | null
}

const HEAD_BYTES = 256

/**
 * Turns the bytes of a document into text, chunk by chunk. The order is BOM, declared charset, the one that came
 * with it (`otherwise`), UTF-8 (rows 24 to 26).
 * Never fails: bytes that are not UTF-8 become U+FFFD, which leaves the rest of the text unharmed.
 */
export async function* decodeXml(
  bytes: AsyncIterable<Uint8Array>,
  notes: DecodingNotes,
  otherwise: string | null = null,
): AsyncGenerator<string> {
  let decoder: ((chunk: Uint8Array, last: boolean) => string) | null = null
  let head: Uint8Array = new Uint8Array(0)
  let atStart = true
  const emit = (text: string) => {
    if (!atStart || text === '') return text
    atStart = false
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
  for await (const chunk of bytes) {
    if (decoder) {
      yield emit(decoder(chunk, false))
      continue
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    decoder = decoderFor(head, notes, otherwise)
    yield emit(decoder(head, false))
  }
  yield emit(decoder ? decoder(new Uint8Array(0), true) : decoderFor(head, notes, otherwise)(head, true))
}

function decoderFor(head: Uint8Array, notes: DecodingNotes, otherwise: string | null): (chunk: Uint8Array, last: boolean) => string {
  const label = charsetOf(head) ?? otherwise?.toLowerCase() ?? 'utf-8'
  if (latin1Names.has(label)) return decodeWindows1252
  if (!utf8Names.has(label)) {
    try {
      const decoder = new TextDecoder(label, { ignoreBOM: true })
      return (chunk, last) => decoder.decode(chunk, { stream: !last })
    } catch {
      notes.unknownCharset = label
    }
  }
  const decoder = new LenientUtf8(notes)
  return (chunk, last) => decoder.decode(chunk, last)
}

/** What a document begins with: `<`, or `{` and `[` of JSON, which is decoded here too. */
const isOpener = (byte: number | undefined): boolean => byte === 0x3c || byte === 0x7b || byte === 0x5b

function charsetOf(head: Uint8Array): string | null {
  const [a, b, c, d] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (isOpener(a) && b === 0 && d === 0) return 'utf-16le'
  if (a === 0 && isOpener(b) && c === 0) return 'utf-16be'
  const text = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1')
  const declared = /^\s*<\?xml[^>]{0,100}\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(text)?.[1]?.toLowerCase()
  // A document that could be read up to here is not UTF-16, whatever it declares.
  return declared?.startsWith('utf-16') || declared?.startsWith('ucs-2') ? 'utf-8' : (declared ?? null)
}

// What windows-1252 has in place of the control characters 80 to 9F. Node's own decoder treats it as Latin-1 in some of the versions that
// we run on and would give the controls.
const c1 = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ'

function decodeWindows1252(bytes: Uint8Array): string {
  return asBuffer(bytes)
    .toString('latin1')
    .replaceAll(/[\u0080-\u009f]/g, (it) => c1[it.charCodeAt(0) - 0x80] ?? it)
}

// Who declares ASCII and writes more has UTF-8, as a rule.
const utf8Names: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii'])
const latin1Names: ReadonlySet<string> = new Set(['windows-1252', 'cp1252', 'iso-8859-1', 'iso8859-1', 'latin1'])

class LenientUtf8 {
  #carry: Buffer = Buffer.alloc(0)
  readonly #notes: DecodingNotes

  constructor(notes: DecodingNotes) {
    this.#notes = notes
  }

  decode(chunk: Uint8Array, last: boolean): string {
    const bytes = this.#carry.length === 0 ? asBuffer(chunk) : Buffer.concat([this.#carry, chunk])
    const end = last ? bytes.length : bytes.length - unfinished(bytes)
    this.#carry = Buffer.from(bytes.subarray(end))
    const body = bytes.subarray(0, end)
    if (isAscii(body)) return body.toString('latin1')
    return isUtf8(body) ? body.toString('utf8') : this.#repair(body)
  }

  /** U+FFFD for what is no UTF-8, as everybody reads it. To take it for windows-1252 would be a guess, and make up names of domains. */
  #repair(bytes: Buffer): string {
    this.#notes.invalidUtf8 = true
    return bytes.toString('utf8')
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Bytes that a UTF-8 sequence starting with this byte has; 0 when none can start with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead < 0xc2) return 0
  if (lead < 0xe0) return 2
  if (lead < 0xf0) return 3
  return lead < 0xf5 ? 4 : 0
}

/** How many bytes at the end may be the beginning of a sequence that goes on in the next chunk. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}
