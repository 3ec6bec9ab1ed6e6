import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aggregateContent, failureContent, fieldStyle, tlsContent, xmlStyle } from '../testing/arbitraries.ts'
import { readAll, type WholeReport } from '../testing/read-all.ts'
import { type AggregateContent, writeAggregate } from './generate/aggregate-xml.ts'
import { type Charset, charsets, encodeDocument } from './generate/charset.ts'
import { failurePackings, writeFailureMail } from './generate/failure-mail.ts'
import type { SampleHeader } from './failure/types.ts'
import type { FailureContent } from './generate/failure-report.ts'
import { writeReportMail, type Wrapping, wrappings } from './generate/mail.ts'
import { sampleReports } from './generate/sample.ts'
import { sampleFailures } from './generate/sample-failures.ts'
import { sampleTlsReports } from './generate/sample-tls.ts'
import { writeTls } from './generate/tls-json.ts'
import { openPart } from './part.ts'
import { type ReadOptions, readInput } from './read.ts'
import { type ReadEvent, ReportError } from './report.ts'
import { fromBytes } from './source.ts'

// The same inputs in every run: `npm run fuzz` is for new ones.
const runs = (numRuns: number) => ({ numRuns, seed: 1 })

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

async function eventOf<T extends ReadEvent['type']>(
  bytes: Uint8Array,
  type: T,
  options: ReadOptions = {},
): Promise<Extract<ReadEvent, { type: T }>> {
  const found: ReadEvent[] = []
  for await (const event of readInput(fromBytes(bytes), options)) found.push(event)
  const [event] = found
  if (found.length !== 1 || event?.type !== type) throw new Error(`not one ${type} report: ${JSON.stringify(found)}`)
  return event as Extract<ReadEvent, { type: T }>
}

/** Bytes of text parts may come out with other line ends, so it is the hash of what was read that has to fit. */
async function expectPart(mail: Uint8Array, part: string, hash: string): Promise<void> {
  const digest = createHash('sha256')
  for await (const chunk of openPart(fromBytes(mail), part)) digest.update(chunk)
  expect(digest.digest('hex')).toBe(hash)
}

// Encoded as text, other than in base64, line ends are the mail's and not the document's.
const charsetsIn = (wrapping: Wrapping): fc.Arbitrary<Charset> =>
  fc.constantFrom(...(/8bit|quoted/.test(wrapping) ? (['utf-8', 'utf-8-bom'] as const) : charsets))
const oddities = (wrapping: Wrapping) => (wrapping === 'gzip-with-tail' ? [{ code: 'data_after_gzip', path: '', value: null }] : [])
const mailOptions = { reporter: 'mx.example', policyDomain: 'example.com', reportId: 'id', begin: 1, end: 2 }

test('an aggregate report that was written is read as it was, in every style', async () => {
  await fc.assert(
    fc.asyncProperty(aggregateContent, xmlStyle, async (given, how) => {
      const report = await readOne(Buffer.from(writeAggregate(given, how)))
      expect(report).toMatchObject(asRead(given))
      expect(report.warnings).toEqual([])
      expect(report.totals.records).toBe(given.records.length)
      expect(report.totals.messages).toBe(given.records.reduce((sum, it) => sum + it.count, 0))
    }),
    runs(100),
  )
})

describe.each(wrappings)('out of a mail (%s)', (wrapping) => {
  test('an aggregate report is read, and its XML is found again', async () => {
    await fc.assert(
      fc.asyncProperty(aggregateContent, xmlStyle, charsetsIn(wrapping), async (given, how, charset) => {
        const xml = encodeDocument(writeAggregate(given, how), charset)
        const mail = writeReportMail(xml, { ...mailOptions, wrapping })
        const report = await readOne(mail)
        expect(report).toMatchObject(asRead(given))
        const late = charset === 'blank-lines' && how.declaration !== false
        expect(report.warnings).toEqual([...oddities(wrapping), ...(late ? [{ code: 'text_before_document', path: '', value: null }] : [])])
        await expectPart(mail, report.part, report.xmlHash)
      }),
      runs(5),
    )
  })

  test('a TLS report is read, and its JSON is found again', async () => {
    await fc.assert(
      fc.asyncProperty(tlsContent, charsetsIn(wrapping), async (given, charset) => {
        const json = encodeDocument(writeTls(given), charset)
        const mail = writeReportMail(json, { ...mailOptions, wrapping, format: 'json' })
        const { part, report } = await eventOf(mail, 'tls')
        expect(report).toMatchObject(given)
        expect(report.warnings).toEqual(oddities(wrapping))
        await expectPart(mail, part, report.contentHash)
      }),
      runs(5),
    )
  })
})

describe('a failure report that was written is read as it was', () => {
  const nameless = (headers: readonly SampleHeader[]) => headers.map((it) => ({ name: it.name.toLowerCase(), value: it.value }))
  const asReported = ({ headers, body, ...report }: FailureContent, withBody: boolean) => {
    const named = (name: string) => headers.find((it) => it.name === name)?.value
    const original = { from: named('From'), subject: named('Subject'), messageId: named('Message-ID'), headers: nameless(headers) }
    return { ...report, original: { ...original, body: withBody ? body : null } }
  }

  test.each(failurePackings)('%s', async (packing) => {
    await fc.assert(
      fc.asyncProperty(failureContent, fieldStyle, async (given, style) => {
        const mail = writeFailureMail(given, { packing, style })
        const { report, reduced } = await eventOf(mail, 'failure', { sampleBodies: true })
        const { original } = report
        const withBody = !packing.includes('headers')
        expect({ ...report, original: { ...original, headers: nameless(original.headers) } }).toMatchObject(asReported(given, withBody))
        expect(report).toMatchObject({ reporter: 'mx.example', warnings: [] })
        if (reduced === null) throw new Error('it was not reduced')
        expect((await eventOf(reduced, 'failure')).report).toEqual({ ...report, original: { ...original, body: null } })
      }),
      runs(10),
    )
  })
})

test('openPart says so when an input has no such part', async () => {
  const mail = writeReportMail('<feedback/>', mailOptions)
  for (const part of ['eml:9>gz>xml', 'zip:0>xml', 'nonsense:1>xml', 'eml:x>xml']) {
    await expect(async () => {
      for await (const _ of openPart(fromBytes(mail), part));
    }).rejects.toThrow(ReportError)
  }
})

describe('samples are the same for the same seed and cover every day', () => {
  const options = { firstDay: 1_767_225_600, days: 10, seed: 'x' }
  const dayOf = (seconds: number) => Math.floor(seconds / 86_400)
  type Sampled = (seed: typeof options) => { day: number; written: string }[]
  test.each<[string, Sampled]>([
    [
      'aggregate',
      (it) => [...sampleReports(it)].map(({ content }) => ({ day: dayOf(content.head.begin), written: writeAggregate(content) })),
    ],
    ['TLS', (it) => [...sampleTlsReports(it)].map((content) => ({ day: dayOf(content.begin), written: writeTls(content) }))],
    [
      'failure',
      (it) =>
        [...sampleFailures(it)].map((content) => ({
          day: dayOf(content.arrivalDate ?? 0),
          written: writeFailureMail(content).toString('latin1'),
        })),
    ],
  ])('%s', (_, sampled) => {
    const once = sampled(options)
    expect(sampled(options)).toEqual(once)
    expect(sampled({ ...options, seed: 'y' })).not.toEqual(once)
    expect(new Set(once.map((it) => it.day)).size).toBe(10)
  })
})
