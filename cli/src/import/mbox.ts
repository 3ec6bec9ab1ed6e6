/** One mail of an mbox; `raw` is null when it is larger than allowed, and its bytes were passed over. */
export interface MboxMail {
  raw: Buffer | null
  size: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const from = Buffer.from('From ')
const quotedFrom = /^>+From /

/**
 * Splits an mbox (RFC 4155, and mboxrd's `>From ` quoting) as it streams by; memory is bounded by one mail.
 * A `From ` line starts a mail only at the beginning of the file or after an empty line.
 */
export async function* splitMbox(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<MboxMail> {
  let lines: Buffer[] = []
  let size = 0
  let begun = false
  let afterEmpty = true
  const finish = (): MboxMail => ({ raw: size > maxBytes ? null : Buffer.concat(lines), size })
  for await (const line of readLines(source, maxBytes)) {
    if (afterEmpty && line.subarray(0, from.length).equals(from)) {
      if (begun) yield finish()
      lines = []
      size = 0
      begun = true
    } else {
      const kept = quotedFrom.test(line.subarray(0, 80).toString('latin1')) ? line.subarray(1) : line
      size += kept.length
      if (size <= maxBytes) lines.push(kept)
      else lines = []
    }
    afterEmpty = line[0] === lineFeed || (line[0] === carriageReturn && line[1] === lineFeed)
  }
  if (begun) yield finish()
}

/** Lines with their ends. A line longer than a mail may be comes in pieces. */
async function* readLines(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = data.indexOf(lineFeed); end !== -1; end = data.indexOf(lineFeed)) {
      yield data.subarray(0, end + 1)
      data = data.subarray(end + 1)
    }
    if (data.length > maxBytes) {
      yield data
      data = Buffer.alloc(0)
    }
    rest = data
  }
  if (rest.length > 0) yield rest
}
