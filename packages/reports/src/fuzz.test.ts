import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readByContract } from '../testing/contract.ts'
import { mutate, type Seed } from '../testing/mutations.ts'
import { writeFailureMail } from './generate/failure-mail.ts'
import { writeReportMail, wrappings } from './generate/mail.ts'
import { SeededRandom } from './generate/random.ts'
import { sampleFailures } from './generate/sample-failures.ts'
import { sampleTlsReports } from './generate/sample-tls.ts'
import { writeTls } from './generate/tls-json.ts'

const day = { firstDay: 1_767_225_600, days: 1 }
const mailOptions = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
const xml = { name: 'xml', bytes: readFileSync(new URL('./fixtures/rfc9990.xml', import.meta.url)) }
const seeds: [Seed, ...Seed[]] = [
  xml,
  ...wrappings.map((wrapping) => ({ name: wrapping, bytes: writeReportMail(xml.bytes, { ...mailOptions, wrapping }) })),
  ...[...sampleTlsReports(day)].map((it) => ({ name: 'tls', bytes: Buffer.from(writeTls(it)) })),
  ...[...sampleFailures(day)].map((it) => ({ name: 'failure', bytes: writeFailureMail(it) })),
]

// The short form of `npm run fuzz`, with the same inputs in every run: what a run finds is not a matter of luck.
test('whatever happens to an input, the reader keeps its promises', async () => {
  const outcomes = new Set<string>()
  for (let number = 0; number < 500; number++) {
    const { bytes, story } = mutate(seeds, new SeededRandom('unit', number))
    try {
      for (const outcome of await readByContract(bytes, { sampleBodies: true })) outcomes.add(outcome)
    } catch (cause) {
      throw new Error(`input ${number}, made of ${story.join(', ')}`, { cause })
    }
  }
  // Were nothing read at all, nothing would be proven.
  expect([...outcomes]).toEqual(expect.arrayContaining(['report', 'tls', 'failure', 'truncated', 'not_well_formed']))
})
