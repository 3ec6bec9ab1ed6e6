import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAll, type WholeReport } from '../testing/read-all.ts'
import type { PublishedPolicy } from './aggregate/types.ts'
import { type AggregateContent, type GeneratedRecord, writeAggregate, type XmlStyle } from './generate/aggregate-xml.ts'
import { writeReportMail, wrappings } from './generate/mail.ts'
import { sampleReports } from './generate/sample.ts'
import { openPart } from './part.ts'
import { ReportError } from './report.ts'
import { fromBytes } from './source.ts'

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((it) => it.replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '').trim() || 'x')
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const domain = fc.constantFrom('example.com', 'mail.example.com', 'xn--bcher-kva.example', 'service.example', '_spf.example.net')
const address = fc.oneof(
  fc.nat(255).map((it) => `192.0.2.${it}`),
  fc.integer({ min: 1, max: 0xffff }).map((it) => `2001:db8::${it.toString(16)}`),
)
const policyWord = fc.constantFrom('none', 'quarantine', 'reject')
const verdict = fc.constantFrom('pass', 'fail')

const record: fc.Arbitrary<GeneratedRecord> = fc.record({
  sourceIp: address,
  count: fc.nat(Math.floor(Number.MAX_SAFE_INTEGER / 10)),
  disposition: fc.constantFrom('none', 'quarantine', 'reject', 'pass'),
  dkim: verdict,
  spf: verdict,
  headerFrom: domain,
  envelopeFrom: maybe(domain),
  nullSender: fc.constant(false),
  envelopeTo: maybe(domain),
  reasons: fc.array(fc.record({ type: fc.constantFrom('forwarded', 'other', 'local_policy'), comment: maybe(text) }), { maxLength: 3 }),
  auth: fc.record({
    dkim: fc.uniqueArray(
      fc.record({
        domain,
        selector: maybe(fc.stringMatching(/^[a-z0-9]{1,8}$/)),
        result: fc.constantFrom('pass', 'fail', 'temperror'),
        humanResult: maybe(text),
      }),
      { maxLength: 4, selector: (it) => `${it.domain}/${it.selector}` },
    ),
    spf: fc.array(
      fc.record({
        domain,
        scope: maybe(fc.constantFrom('mfrom', 'helo')),
        result: fc.constantFrom('pass', 'fail', 'softfail'),
        humanResult: maybe(text),
      }),
      { maxLength: 2 },
    ),
  }),
})
const policy: fc.Arbitrary<PublishedPolicy> = fc.record({
  domain,
  p: policyWord,
  sp: maybe(policyWord),
  np: maybe(policyWord),
  adkim: maybe(fc.constantFrom('r', 's')),
  aspf: maybe(fc.constantFrom('r', 's')),
  pct: maybe(fc.nat(100)),
  fo: maybe(fc.constantFrom('0', '1:d:s')),
  testing: maybe(fc.constantFrom('y', 'n')),
  discoveryMethod: maybe(fc.constantFrom('psl', 'treewalk')),
})
const content: fc.Arbitrary<AggregateContent & { records: GeneratedRecord[] }> = fc.record({
  head: fc
    .record({
      orgName: text,
      email: maybe(text),
      extraContactInfo: maybe(text),
      reportId: text.map((it) => it.replaceAll(/[<>]/g, '') || 'id'),
      begin: fc.integer({ min: 1, max: 4_000_000_000 }),
      errors: fc.array(text, { maxLength: 2 }),
      generator: maybe(text),
      policy,
    })
    .map((head) => ({ ...head, reportId: head.reportId.trim() || 'id', end: head.begin + 86_399 })),
  records: fc.array(record, { maxLength: 5 }),
})
const style: fc.Arbitrary<XmlStyle> = fc.record(
  {
    dialect: fc.constantFrom('rfc7489', 'rfc9990'),
    prefix: fc.constantFrom('d', 'dmarc'),
    indent: fc.boolean(),
    declaration: fc.boolean(),
    cdata: fc.boolean(),
  },
  { requiredKeys: [] },
)

/** What a reader gives for it, without what it derives. */
function asRead({ head, records }: AggregateContent) {
  return { ...head, records: [...records].map((it) => ({ ...it, sourceText: null, recomputed: expect.any(Object) })) }
}

async function readOne(bytes: Uint8Array): Promise<WholeReport> {
  const found = await readAll(fromBytes(bytes))
  const [report] = found
  if (found.length !== 1 || !report || !('records' in report)) throw new Error(`not one report: ${JSON.stringify(found)}`)
  return report
}

test('a report that was written is read as it was, in every style', async () => {
  await fc.assert(
    fc.asyncProperty(content, style, async (given, how) => {
      const report = await readOne(Buffer.from(writeAggregate(given, how)))
      expect(report).toMatchObject(asRead(given))
      expect(report.warnings).toEqual([])
      expect(report.totals.records).toBe(given.records.length)
      expect(report.totals.messages).toBe(given.records.reduce((sum, it) => sum + it.count, 0))
    }),
    { numRuns: 200 },
  )
})

describe('a report is read out of a mail and its XML is found again', () => {
  for (const wrapping of wrappings) {
    test(wrapping, async () => {
      await fc.assert(
        fc.asyncProperty(content, style, async (given, how) => {
          const xml = writeAggregate(given, how)
          const { begin, end, policy: published } = given.head
          const mail = writeReportMail(xml, {
            wrapping,
            reporter: 'mx.example',
            policyDomain: published.domain,
            reportId: 'id',
            begin,
            end,
          })
          const report = await readOne(mail)
          expect(report).toMatchObject(asRead(given))
          expect(report.warnings).toEqual([])
          const chunks: Uint8Array[] = []
          for await (const chunk of openPart(fromBytes(mail), report.part)) chunks.push(chunk)
          const bytes = Buffer.concat(chunks)
          // A text body may come out with other line ends, so it is the hash of what was read that has to fit.
          expect(createHash('sha256').update(bytes).digest('hex')).toBe(report.xmlHash)
          expect(bytes.toString().replaceAll('\r\n', '\n').trimEnd()).toBe(xml.trimEnd())
        }),
        { numRuns: 10 },
      )
    })
  }
})

test('openPart says so when an input has no such part', async () => {
  const mail = writeReportMail('<feedback/>', { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 })
  for (const part of ['eml:9>gz>xml', 'zip:0>xml', 'nonsense:1>xml', 'eml:x>xml']) {
    await expect(async () => {
      for await (const _ of openPart(fromBytes(mail), part));
    }).rejects.toThrow(ReportError)
  }
})

test('samples are the same for the same seed and cover every day', () => {
  const options = { firstDay: 1_767_225_600, days: 10, seed: 'x' }
  const once = [...sampleReports(options)].map((it) => writeAggregate(it.content))
  expect([...sampleReports(options)].map((it) => writeAggregate(it.content))).toEqual(once)
  expect([...sampleReports({ ...options, seed: 'y' })].map((it) => writeAggregate(it.content))).not.toEqual(once)
  expect(new Set([...sampleReports(options)].map((it) => it.content.head.begin)).size).toBe(10)
})
