import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { writeAggregate } from '../src/generate/aggregate-xml.ts'
import { encodeDocument } from '../src/generate/charset.ts'
import { failurePackings, writeFailureMail } from '../src/generate/failure-mail.ts'
import { largeReport } from '../src/generate/large-report.ts'
import { writeReportMail, wrappings } from '../src/generate/mail.ts'
import { sampleReports } from '../src/generate/sample.ts'
import { sampleFailures } from '../src/generate/sample-failures.ts'
import { sampleTlsReports } from '../src/generate/sample-tls.ts'
import { writeTls } from '../src/generate/tls-json.ts'
import { openPart } from '../src/part.ts'
import { readInput } from '../src/read.ts'
import { fromBytes } from '../src/source.ts'
import type { Seed } from '../testing/mutations.ts'

// What is larger is read more slowly and teaches no more.
const SEED_BYTES = 100 * 1024
// Kept beside the checkout and not in it.
const corpus = new URL('../../../../shared/corpus/', import.meta.url)
const fixtures = new URL('../src/fixtures/', import.meta.url)

/** Whether the samples are there; without them only own fixtures and generated reports are changed. */
export const hasCorpus = (): boolean => existsSync(corpus)

/** Inputs to begin with, the same in every run: own fixtures, generated reports of all kinds in all wrappings, the samples. */
export async function loadSeeds(): Promise<[Seed, ...Seed[]]> {
  const found: Seed[] = [...generated(), ...filesOf(fixtures, 'fixtures'), ...corpusFiles()].filter((it) => it.bytes.length <= SEED_BYTES)
  // A change inside of a gzip only shows that its checksum is wrong, so what is packed is changed unpacked as well.
  const inner: Seed[] = []
  for (const seed of found) inner.push(...(await partsOf(seed)))
  const [first, ...others] = [...found, ...inner]
  if (first === undefined) throw new Error('There is nothing to begin with.')
  return [first, ...others]
}

function* generated(): Generator<Seed> {
  const day = { firstDay: 1_767_225_600, days: 1 }
  const options = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
  const [sample] = sampleReports(day)
  const xml = sample === undefined ? '' : writeAggregate(sample.content, { dialect: 'rfc9990' })
  const [tls] = sampleTlsReports(day)
  const json = tls === undefined ? '' : writeTls(tls)
  yield { name: 'generated xml', bytes: Buffer.from(xml) }
  yield { name: 'generated xml, prefixed', bytes: Buffer.from(writeAggregate(largeReport({ records: 12 }), { prefix: 'd', cdata: true })) }
  yield { name: 'generated json', bytes: Buffer.from(json) }
  yield { name: 'generated json, array', bytes: Buffer.from(`[${json},${json}]`) }
  yield { name: 'generated xml, zlib', bytes: deflateSync(xml) }
  yield { name: 'generated xml, UTF-16', bytes: encodeDocument(xml, 'utf-16be') }
  for (const wrapping of wrappings) {
    yield { name: `generated xml, ${wrapping}`, bytes: writeReportMail(xml, { ...options, wrapping }) }
    yield { name: `generated json, ${wrapping}`, bytes: writeReportMail(json, { ...options, wrapping, format: 'json' }) }
  }
  const [failure] = sampleFailures(day)
  if (failure === undefined) return
  for (const packing of failurePackings) yield { name: `generated failure, ${packing}`, bytes: writeFailureMail(failure, { packing }) }
}

function* filesOf(folder: URL, name: string): Generator<Seed> {
  for (const file of readdirSync(folder).toSorted()) {
    if (!/^(?:MANIFEST\.tsv|expected\.json)$/.test(file)) yield { name: `${name}/${file}`, bytes: readFileSync(new URL(file, folder)) }
  }
}

function* corpusFiles(): Generator<Seed> {
  if (!hasCorpus()) return
  for (const kind of ['aggregate', 'failure', 'tls', 'malformed']) yield* filesOf(new URL(`${kind}/`, corpus), kind)
}

async function partsOf({ name, bytes }: Seed): Promise<Seed[]> {
  const parts: Seed[] = []
  for await (const event of readInput(fromBytes(bytes))) {
    if ((event.type !== 'report' && event.type !== 'tls') || !event.part.includes('>')) continue
    const chunks: Uint8Array[] = []
    for await (const chunk of openPart(fromBytes(bytes), event.part)) chunks.push(chunk)
    const inner = Buffer.concat(chunks)
    if (inner.length <= SEED_BYTES) parts.push({ name: `${name} > ${event.part}`, bytes: inner })
  }
  return parts
}
