import { MailParser } from 'mailparser'
import { defaultLimits } from './limits.ts'

/** What a mail says about itself, for a log: decoded and bounded, null where it says nothing. All of it is hostile text. */
export interface Envelope {
  subject: string | null
  /** The From header as text, name and address. */
  from: string | null
  /** Domain of the From address in lower case. */
  fromDomain: string | null
  /** UTC epoch seconds. */
  date: number | null
  messageId: string | null
}

const MAX_CHARS = 500
const nothing: Envelope = { subject: null, from: null, fromDomain: null, date: null, messageId: null }

/** Reads the headers of a mail, no further than the first MiB. Never throws: what can't be read is null. */
export async function readEnvelope(bytes: Uint8Array): Promise<Envelope> {
  const parser = new MailParser({ maxHeadSize: defaultLimits.headerBytes, checksumAlgo: false })
  try {
    parser.end(headerBlock(bytes))
    for await (const _ of parser) {
      // Only the headers are wanted; there is no body in what was given.
    }
  } catch {
    return nothing
  }
  const address = parser.from?.value[0]?.address
  const rawDate = parser.headerLines ? parser.headerLines.find((it) => it.key === 'date')?.line : undefined
  return {
    subject: boundedHeader(parser.subject),
    from: boundedHeader(parser.from?.text),
    fromDomain: boundedHeader(address?.split('@').at(-1)?.toLowerCase()),
    date: secondsOf(rawDate),
    messageId: boundedHeader(parser.messageId),
  }
}

function headerBlock(bytes: Uint8Array): Buffer {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const head = Buffer.from(bytes.subarray(start, start + defaultLimits.headerBytes))
  const ends = [head.indexOf('\n\r\n'), head.indexOf('\n\n')].filter((it) => it >= 0)
  return ends.length === 0 ? head : head.subarray(0, Math.min(...ends) + 1)
}

/** mailparser puts the present time where a date can't be read, so the header line itself is parsed. */
function secondsOf(line: string | undefined): number | null {
  const time = Date.parse(line?.slice(line.indexOf(':') + 1).trim() ?? '')
  return Number.isNaN(time) ? null : Math.trunc(time / 1000)
}

/** A header's text as a log can take it, null when it says nothing. */
export function boundedHeader(text: string | undefined): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return (
    text
      ?.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ')
      .trim()
      .slice(0, MAX_CHARS) || null
  )
}
