import { expect, it } from 'vitest'
import { RowDigest } from './row-digest.ts'

const digestOf = (...pieces: string[]) => {
  const digest = new RowDigest()
  for (const piece of pieces) digest.add(Buffer.from(piece))
  return [digest.rows, digest.value()]
}

it('is the same in whatever order rows come, and wherever pieces are cut', () => {
  const right = digestOf('1\tone\n2\ttwo\n3\t\\N\n')
  expect(right[0]).toBe(3)
  expect(digestOf('3\t\\N\n1\tone\n2\ttwo\n')).toEqual(right)
  expect(digestOf('1\to', 'ne\n', '2\ttwo\n3', '\t\\N', '\n')).toEqual(right)
})

it('is another one when a row is changed, lost, repeated, cut in two or exchanged parts with another', () => {
  const rows = ['1\tone', '2\ttwo', '3\tthree', '12\t', '\t12']
  const right = digestOf(rows.map((row) => `${row}\n`).join(''))
  const others = [
    ['1\tonf', ...rows.slice(1)],
    rows.slice(1),
    [...rows, '2\ttwo'],
    ['1\to', 'ne', ...rows.slice(1)],
    ['1\ttwo', '2\tone', ...rows.slice(2)],
    ['1\tone', '1\tone', ...rows.slice(2)],
    ['', ...rows],
  ].map((changed) => digestOf(changed.map((row) => `${row}\n`).join(''))[1])
  expect(new Set([right[1], ...others]).size).toBe(others.length + 1)
})

it('finds any one bit that is changed in a row', () => {
  const row = Buffer.from('20000\t198.51.100.7\t2026-01-02\tpass\n')
  const found = new Set<string>()
  for (let bit = 0; bit < (row.length - 1) * 8; bit++) {
    const changed = Buffer.from(row)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    const digest = new RowDigest()
    digest.add(changed)
    found.add(digest.value())
  }
  const digest = new RowDigest()
  digest.add(row)
  expect(found.has(digest.value())).toBe(false)
  expect(found.size).toBe((row.length - 1) * 8)
})
