import { expect, test } from 'vitest'
import type { ReadEvent } from '../report.ts'
import { readInput } from '../read.ts'
import { fromBytes } from '../source.ts'

const odd = {
  'organization-name': 'Sender Test',
  'date-range': { 'start-datetime': '2026-01-01T00:00:00', 'end-datetime': '2026-01-02T00:00:00Z' },
  'contact-info': null,
  'report-id': '1+',
  policies: [
    {
      policy: {
        'policy-type': 'STS',
        'policy-domain': 'Example.com.',
        'policy-string': ['["version: STSv1","mode: testing"]'],
        'mx-host': 'mx: mx.example.com',
      },
      summary: { 'total-successful-session-count': '4', 'total-failure-session-count': -1 },
      'failure-details': [{ 'result-type': 'New-Type', 'failed-session-count': 2 }],
    },
  ],
}

async function read(text: string): Promise<ReadEvent | undefined> {
  for await (const event of readInput(fromBytes(Buffer.from(text)))) return event
  return undefined
}

test('a report with the oddities of several senders is read as it is meant', async () => {
  expect(await read(JSON.stringify(odd))).toMatchObject({
    type: 'tls',
    report: {
      begin: 1_767_225_600,
      end: 1_767_312_000,
      contact: null,
      reporter: 'sender test',
      policies: [
        {
          policyType: 'sts',
          policyDomain: 'example.com',
          policyStrings: ['version: STSv1', 'mode: testing'],
          mxHosts: ['mx.example.com'],
          successful: 4,
          failed: 0,
          failureDetails: [{ resultType: 'new-type', sendingMtaIp: null, failedSessions: 2 }],
        },
      ],
      warnings: [{ code: 'invalid_count', value: '-1' }],
    },
  })
})

test.each([
  ['limit', JSON.stringify(odd).replace('"4"', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ['not_well_formed', JSON.stringify(odd).replace('"4"', '1e400')],
  ['truncated', JSON.stringify(odd).slice(0, -3)],
  ['several_documents', `${JSON.stringify(odd)}\n${JSON.stringify(odd)}`],
  ['no_period', JSON.stringify(odd).replace('2026-01-01T00:00:00', 'yesterday')],
])('is rejected with %s', async (code, text) => {
  expect(await read(text)).toMatchObject({ type: 'rejected', reason: { code } })
})
