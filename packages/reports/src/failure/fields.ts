/** One header field: the name as written, the value unfolded and without white space around it, one character a byte. */
export interface RawField {
  name: string
  value: string
  /** The lines as they stand, line ends included. */
  lines: string
}

export interface FieldBlock {
  fields: RawField[]
  /** Where what follows the empty line after the fields begins, in bytes; the length of the input when nothing follows. */
  end: number
  /** True when the block was longer, or had more fields, than what was looked at. */
  cut: boolean
}

/** Reads a block of header fields up to the first empty line, at most `maxBytes` of it. Lines that are no field are passed over. */
export function readFields(bytes: Uint8Array, maxBytes: number): FieldBlock {
  const start = startOfFields(bytes)
  // Latin-1 keeps one character a byte, so that nothing is lost before the charset is known.
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = all.toString('latin1', start, Math.min(all.length, start + maxBytes))
  const empty = text.includes('\n') ? /(?:^|\n)\r?\n/.exec(text) : /\r\r/.exec(text)
  const fields = splitFields(text.slice(0, empty ? empty.index : text.length))
  const end = empty ? start + empty.index + empty[0].length : start + text.length
  const cut = (!empty && start + text.length < all.length) || fields.length >= MAX_FIELDS
  return { fields, end: empty ? end : all.length, cut }
}

// Each is a field object; a block of a mail's size could have millions of them.
const MAX_FIELDS = 20_000

function splitFields(block: string): RawField[] {
  const fields: RawField[] = []
  const lastFeed = block.lastIndexOf('\n')
  let start = -1
  const close = (end: number) => {
    if (start >= 0) fields.push(fieldOf(block.slice(start, end)))
    start = -1
  }
  for (let at = 0; at < block.length && fields.length < MAX_FIELDS; ) {
    const next = endOfLine(block, at, lastFeed)
    // A line that begins with white space belongs to the field above it; one without a name to none.
    if (!/[ \t]/.test(block.charAt(at))) {
      close(at)
      if (fieldName.test(block.slice(at, at + 120))) start = at
    }
    at = next
  }
  if (fields.length < MAX_FIELDS) close(block.length)
  return fields
}

const fieldName = /^([!-9;-~]{1,100})[ \t]*:/

function fieldOf(lines: string): RawField {
  const match = fieldName.exec(lines.slice(0, 120))
  const value = lines
    .slice(match?.[0].length ?? 0)
    .replaceAll(/[\r\n]+[ \t]*/g, ' ')
    .replaceAll(/[ \t]{2,}/g, ' ')
  return { name: match?.[1] ?? '', value: trimmed(value), lines }
}

/** Where the line after this one begins: lines end with LF, CRLF or, on old systems, CR alone. */
function endOfLine(text: string, from: number, lastFeed: number): number {
  const end = text.indexOf(from > lastFeed ? '\r' : '\n', from)
  return end < 0 ? text.length : end + 1
}

/** String.trim takes the byte A0 for white space, which is half of an à. */
export const trimmed = (text: string): string => text.replace(/^[ \t]+/, '').replace(/(?<![ \t])[ \t]+$/, '')

/** Past a byte order mark, blank lines and the `From ` line of an mbox. */
function startOfFields(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at++
  const line = Buffer.from(bytes.subarray(at, at + 500)).toString('latin1')
  const mbox = /^>?From [^\r\n]*\r?\n/.exec(line)
  return at + (mbox ? mbox[0].length : 0)
}
