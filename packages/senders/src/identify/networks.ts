/** An address as 32-bit words, most significant first: one for IPv4, four for IPv6. */
type Words = readonly number[]

const OCTETS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/

/** Reads an address; null for anything else. An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export function parseAddress(text: string): Words | null {
  if (text.length > 45) return null
  return parseV4(MAPPED.exec(text)?.[1] ?? text) ?? parseV6(text)
}

function parseV4(text: string): Words | null {
  const octets = OCTETS.exec(text)?.slice(1).map(Number)
  if (octets === undefined || octets.some((octet) => octet > 255)) return null
  return [octets.reduce((word, octet) => word * 256 + octet, 0)]
}

function parseV6(text: string): Words | null {
  const halves = text.split('::')
  if (halves.length > 2 || !text.includes(':')) return null
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return null
  const words = groups.map((group) => Number.parseInt(group, 16))
  return [0, 2, 4, 6].map((at) => (words[at] ?? 0) * 65_536 + (words[at + 1] ?? 0))
}

/** A network: CIDR, or a single address. Null for anything else, and for bits set beyond the prefix. */
export function parseNetwork(text: string): { words: Words; prefix: number } | null {
  const [address = '', length, ...more] = text.split('/')
  const words = parseAddress(address)
  if (words === null || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null
  const prefix = length === undefined ? words.length * 32 : Number(length)
  if (prefix > words.length * 32 || maskWords(words, prefix).join() !== words.join()) return null
  return { words, prefix }
}

const maskWord = (word: number, bits: number): number => word - (word % 2 ** (32 - bits))

function maskWords(words: Words, prefix: number): Words {
  return words.map((word, at) => maskWord(word, Math.min(32, Math.max(0, prefix - at * 32))))
}

// IPv4 is most of the traffic and fits a number.
const keyOf = (words: Words, prefix: number): number | string =>
  words.length === 1 ? maskWord(words[0] ?? 0, prefix) : maskWords(words, prefix).join()

/** Values by network; the longest prefix wins. A look-up costs one map access for each prefix length in use. */
export class NetworkIndex<T> {
  readonly #tables = new Map<number, { prefix: number; values: Map<number | string, T> }[]>()

  /** @throws RangeError if `network` is none. */
  add(network: string, value: T): void {
    const parsed = parseNetwork(network)
    if (parsed === null) throw new RangeError(`not a network: ${network}`)
    const { words, prefix } = parsed
    const tables = this.#tables.get(words.length) ?? []
    let table = tables.find((it) => it.prefix === prefix)
    if (table === undefined) {
      table = { prefix, values: new Map() }
      this.#tables.set(
        words.length,
        [...tables, table].sort((a, b) => b.prefix - a.prefix),
      )
    }
    table.values.set(keyOf(words, prefix), value)
  }

  find(words: Words): T | null {
    for (const { prefix, values } of this.#tables.get(words.length) ?? []) {
      const found = values.get(keyOf(words, prefix))
      if (found !== undefined) return found
    }
    return null
  }
}
