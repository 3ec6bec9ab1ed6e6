// RFC 4155: a line with the sender and the time as ctime writes it, after an empty line or at the very start.
const separator = /(?<=^|\n\r?\n)From \S{1,320} {1,9}(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\r\n]{5,80}\r?\n/g

/** The mails of an mbox file, as mail programs export a folder. One when it is a single mail, with or without such a line above it. */
export function splitMbox(bytes: Buffer): Buffer[] {
  if (bytes.toString('latin1', 0, 5) !== 'From ') return [bytes]
  const starts = [...bytes.toString('latin1').matchAll(separator)].map((it) => it.index)
  if (starts.length < 2) return [bytes]
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1]))
}
