/** A pattern in which `*` stands for any run of characters, also none. Compiled once; matching is linear for a bounded number of stars. */
export type Glob = (text: string) => boolean

/** Compiles a pattern. Texts come from reports, so that nothing here may backtrack without a bound. */
export function compileGlob(pattern: string): Glob {
  const [head = '', ...rest] = pattern.split('*')
  const tail = rest.pop()
  if (tail === undefined) return (text) => text === pattern
  return (text) => {
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false
    const end = text.length - tail.length
    let from = head.length
    // The leftmost fit of each part leaves the most room for the next: no second try is ever needed.
    for (const part of rest) {
      const at = text.indexOf(part, from)
      if (at < 0 || at + part.length > end) return false
      from = at + part.length
    }
    return true
  }
}
