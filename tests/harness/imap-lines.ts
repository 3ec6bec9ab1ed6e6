/** Passes what an IMAP server says, with each line rewritten; what lies in literals (RFC 3501 4.3) goes through as it is. */
export function rewriteLines(rewrite: (line: string) => string): (chunk: Buffer) => Buffer {
  let pending: Buffer = Buffer.alloc(0)
  let literal = 0
  return (chunk) => {
    let rest = Buffer.concat([pending, chunk])
    const passed: Buffer[] = []
    while (rest.length > 0) {
      if (literal > 0) {
        const part = rest.subarray(0, literal)
        literal -= part.length
        rest = rest.subarray(part.length)
        passed.push(part)
        continue
      }
      const end = rest.indexOf('\r\n')
      if (end < 0) break
      const line = rest.toString('latin1', 0, end)
      rest = rest.subarray(end + 2)
      literal = Number(/\{(\d+)\}$/.exec(line)?.[1] ?? 0)
      passed.push(Buffer.from(`${rewrite(line)}\r\n`, 'latin1'))
    }
    pending = rest
    return Buffer.concat(passed)
  }
}
