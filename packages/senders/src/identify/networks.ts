/** An address as 32-bit words, most significant first: one for IPv4, four for IPv6. */
type Words = readonly number[]

const OCTETS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/
const GROUPS = /^(?:[0-9a-f]{0,4}:){1,8}[0-9a-f]{0,4}$/i
const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/

/** Reads an address; null for anything else. An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
export function parseAddress(text: string): Words | null {
  if (text.length > 45) return null
  return text.includes(':') ? parseMapped(text) : parseV4(text)
}

function parseMapped(text: string): Words | null {
  const v4 = MAPPED.exec(text)?.[1]
  return v4 === undefined ? parseV6(text) : parseV4(v4)
}

function parseV4(text: string): Words | null {
  const [, a = '', b = '', c = '', d = ''] = OCTETS.exec(text) ?? []
  if (a === '' || Number(a) > 255 || Number(b) > 255 || Number(c) > 255 || Number(d) > 255) return null
  return [Number(a) * 2 ** 24 + Number(b) * 2 ** 16 + Number(c) * 2 ** 8 + Number(d)]
}

function parseV6(text: string): Words | null {
  if (!GROUPS.test(text)) return null
  const [left = '', right, ...more] = text.split('::')
  if (more.length > 0) return null
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const missing = 8 - head.length - tail.length
  if (right === undefined ? missing !== 0 : missing < 1) return null
  const words = [0, 0, 0, 0]
  for (const [at, group] of [...head, ...Array<string>(missing).fill('0'), ...tail].entries()) {
    if (group === '') return null
    const word = at >> 1
    words[word] = (words[word] ?? 0) * 65_536 + Number.parseInt(group, 16)
  }
  return words
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

// IPv4 and the prefixes by which IPv6 is announced fit a number: keys of text would cost more than the rest of the look-up.
const NUMERIC_BITS = 48

function keyOf(words: Words, prefix: number): number | string {
  const [first = 0, second = 0] = words
  if (words.length === 1) return maskWord(first, prefix)
  if (prefix > NUMERIC_BITS) return maskWords(words, prefix).join()
  const leading = first * 65_536 + Math.floor(second / 65_536)
  return leading - (leading % 2 ** (NUMERIC_BITS - prefix))
}

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
