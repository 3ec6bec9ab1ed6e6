import { expect, test } from 'vitest'
import { SourceCounter } from './source-counter.ts'

test('counts each source once, however many there are', () => {
  const counter = new SourceCounter()
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 200_000; index++) {
      counter.add(`2001:db8::${(index >>> 16).toString(16)}:${(index & 0xffff).toString(16)}`)
      counter.add(`192.0.${(index >>> 8) & 0xff}.${index & 0xff}`)
    }
  }
  expect(counter.size).toBe(200_000 + 65_536)
})
