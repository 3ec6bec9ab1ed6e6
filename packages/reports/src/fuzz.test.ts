import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAll } from '../testing/read-all.ts'
import { writeReportMail, wrappings } from './generate/mail.ts'
import { fromBytes } from './source.ts'

const xml = readFileSync(new URL('./fixtures/rfc9990.xml', import.meta.url))
const mailOptions = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
const inputs = [xml, ...wrappings.map((wrapping) => writeReportMail(xml, { ...mailOptions, wrapping }))] as const

/** Changes somewhere in a file: bytes overwritten, cut out, put in twice, or the end cut off. */
const change = fc.record({
  kind: fc.constantFrom('set', 'cut', 'repeat', 'end'),
  at: fc.nat(1_000_000),
  length: fc.integer({ min: 1, max: 40 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom('<', '>', '&', '</record>', '<record>', '<![CDATA[', ']]>', '<!--', '<!DOCTYPE', '\0', '--', '\r\n\r\n', '=')
      .map((it) => Buffer.from(it)),
  ),
})

function apply(
  bytes: Uint8Array,
  { kind, at, length, bytes: put }: { kind: string; at: number; length: number; bytes: Uint8Array },
): Uint8Array {
  const start = at % (bytes.length + 1)
  const before = bytes.subarray(0, start)
  if (kind === 'end') return before
  if (kind === 'cut') return Buffer.concat([before, bytes.subarray(start + length)])
  if (kind === 'repeat') return Buffer.concat([before, bytes.subarray(start, start + length), bytes.subarray(start)])
  return Buffer.concat([before, put, bytes.subarray(start + put.length)])
}

test('whatever happens to an input, each thing in it is a whole report or has a reason', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...inputs), fc.array(change, { minLength: 1, maxLength: 4 }), async (input, changes) => {
      const found = await readAll(fromBytes(changes.reduce(apply, input as Uint8Array)))
      expect(found.length).toBeGreaterThan(0)
      for (const it of found) {
        if ('reason' in it) {
          expect(it.reason).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/\.$/) })
          continue
        }
        const { records, totals } = it
        expect(totals.records).toBe(records.length)
        expect(totals.messages).toBe(records.reduce((sum, record) => sum + record.count, 0))
        expect(Object.values(totals.disposition).reduce((a, b) => a + b)).toBe(totals.messages)
        expect(totals.messages >= totals.dmarcPass && totals.dmarcPass >= 0).toBe(true)
        expect(JSON.stringify(it)).not.toMatch(/\\u0000|\\ud[89ab]/)
      }
    }),
    { numRuns: 400 },
  )
})
