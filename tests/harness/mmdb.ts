import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

type Value = string | number | { [key: string]: Value } | readonly Value[]

type Networks = Record<string, Value>

/** A folder for such files, which is removed after the tests of the file or block that asks for it. */
export function useMmdbFolder(): { folder: string; write(name: string, networks: Networks): string } {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-mmdb-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return {
    folder,
    write(name, networks) {
      const path = join(folder, name)
      writeFileSync(path, makeMmdb(networks))
      return path
    },
  }
}

/**
 * The bytes of an .mmdb file (MaxMind DB 2.0, IPv6 tree, records of 24 bits) that knows these networks: `{'192.0.2.0/24': {...}}`.
 * No network may lie inside another.
 */
function makeMmdb(networks: Networks): Buffer {
  const data: Buffer[] = []
  let dataSize = 0
  type Leaf = { offset: number }
  type Node = [Node | Leaf | null, Node | Leaf | null]
  const root: Node = [null, null]
  for (const [network, value] of Object.entries(networks)) {
    const bytes = encode(value)
    const leaf = { offset: dataSize }
    data.push(bytes)
    dataSize += bytes.length
    const bits = bitsOf(network)
    let node = root
    for (const bit of bits.slice(0, -1)) {
      const next = node[bit]
      if (Array.isArray(next)) node = next
      else node = node[bit] = [null, null]
    }
    node[bits.at(-1) ?? 0] = leaf
  }
  const nodes: Node[] = [root]
  const numbers = new Map<Node, number>([[root, 0]])
  for (const node of nodes) {
    for (const child of node) {
      if (!Array.isArray(child)) continue
      numbers.set(child, nodes.length)
      nodes.push(child)
    }
  }
  const tree = Buffer.alloc(nodes.length * 6)
  nodes.forEach((node, index) => {
    node.forEach((child, side) => {
      const record = child === null ? nodes.length : Array.isArray(child) ? (numbers.get(child) ?? 0) : nodes.length + 16 + child.offset
      tree.writeUIntBE(record, index * 6 + side * 3, 3)
    })
  })
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Test',
    description: { en: 'Made by a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com'), metadata])
}

/** The bits of the network's prefix; IPv4 lies at ::/96. */
function bitsOf(network: string): (0 | 1)[] {
  const [address = '', prefix = '0'] = network.split('/')
  const isV4 = isIP(address) === 4
  const hex = isV4
    ? '0'.repeat(24) +
      address
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')
    : expand(address)
  const bits = [...hex].flatMap((digit) => [...Number.parseInt(digit, 16).toString(2).padStart(4, '0')].map((bit) => (bit === '1' ? 1 : 0)))
  return bits.slice(0, Number(prefix) + (isV4 ? 96 : 0))
}

function expand(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const before = groups(head)
  const after = groups(tail)
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  return all.map((group) => group.padStart(4, '0')).join('')
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...(value as Value[]).map(encode)])
  const entries = Object.entries(value as { [key: string]: Value })
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, it]) => [encode(key), encode(it)])])
}

/** Type and size; sizes from 29 on take a further byte, types above 7 too. */
function control(type: number, size: number): Buffer {
  const small = Math.min(size, 29)
  return Buffer.from([type > 7 ? small : (type << 5) | small, ...(type > 7 ? [type - 7] : []), ...(small === 29 ? [size - 29] : [])])
}
