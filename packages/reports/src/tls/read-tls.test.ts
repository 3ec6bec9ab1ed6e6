import { describe, expect, test } from 'vitest'
import type { ReadEvent } from '../report.ts'
import { openPart } from '../part.ts'
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

async function readEach(text: string): Promise<ReadEvent[]> {
  const found: ReadEvent[] = []
  for await (const event of readInput(fromBytes(Buffer.from(text)))) found.push(event)
  return found
}

const read = async (text: string): Promise<ReadEvent | undefined> => (await readEach(text))[0]

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
    },
  })
})

const sound = {
  'organization-name': 'Sender Test',
  'date-range': { 'start-datetime': '2026-01-01T00:00:00Z', 'end-datetime': '2026-01-01T23:59:59Z' },
  'contact-info': 'tls@sender.example',
  'report-id': '1',
  policies: [
    {
      policy: { 'policy-type': 'sts', 'policy-domain': 'example.com', 'policy-string': ['version: STSv1'], 'mx-host': ['mx.example.com'] },
      summary: { 'total-successful-session-count': 4, 'total-failure-session-count': 1 },
      'failure-details': [{ 'result-type': 'certificate-expired', 'sending-mta-ip': '192.0.2.1', 'failed-session-count': 1 }],
    },
  ],
}
const [policy] = sound.policies
const withPolicy = (parts: Partial<Record<'policy' | 'summary' | 'failure-details', unknown>>) => ({
  ...sound,
  policies: [{ ...policy, ...parts }],
})
const withRange = (start: unknown, end: unknown = sound['date-range']['end-datetime']) => ({
  ...sound,
  'date-range': { 'start-datetime': start, 'end-datetime': end },
})

test('a report that follows the standard has no warnings', async () => {
  expect(await read(JSON.stringify(sound))).toMatchObject({ type: 'tls', part: 'json', report: { warnings: [] } })
})

describe('what had to be repaired is told', () => {
  test.each([
    ['a number as text', withPolicy({ summary: { ...policy?.summary, 'total-successful-session-count': '4' } }), 'number_as_text', '4'],
    ['a count that is none', withPolicy({ summary: { ...policy?.summary, 'total-failure-session-count': -1 } }), 'invalid_count', '-1'],
    ['half a session', withPolicy({ summary: { ...policy?.summary, 'total-failure-session-count': '2.5' } }), 'invalid_count', '"2.5"'],
    ['mx: before a host', withPolicy({ policy: { ...policy?.policy, 'mx-host': ['mx: a.example'] } }), 'prefixed_host', 'mx: a.example'],
    [
      'hosts under another name',
      withPolicy({ policy: { ...policy?.policy, 'mx-host': undefined, 'mx-host-pattern': ['a'] } }),
      'renamed',
      null,
    ],
    ['an array in a string', withPolicy({ policy: { ...policy?.policy, 'policy-string': ['["a","b"]'] } }), 'encoded_list', '["a","b"]'],
    [
      'a policy as it was fetched',
      withPolicy({ policy: { ...policy?.policy, 'policy-string': ['version: STSv1\r\nmode: enforce\r\n'] } }),
      'encoded_list',
      'version: STSv1 mode: enforce ',
    ],
    ['a string for an array', withPolicy({ policy: { ...policy?.policy, 'policy-string': 'a' } }), 'single_for_list', 'a'],
    ['an unknown policy type', withPolicy({ policy: { ...policy?.policy, 'policy-type': 'dane' } }), 'unknown_value', 'dane'],
    ['an unknown result', withPolicy({ 'failure-details': [{ 'result-type': 'x', 'failed-session-count': 1 }] }), 'unknown_value', 'x'],
    [
      'a host for an address',
      withPolicy({ 'failure-details': [{ ...policy?.['failure-details'][0], 'receiving-ip': 'mx' }] }),
      'invalid_address',
      'mx',
    ],
    ['a failure that is none', withPolicy({ 'failure-details': ['x'] }), 'invalid_type', null],
    ['no report-id', { ...sound, 'report-id': '' }, 'missing', null],
    ['no domain', withPolicy({ policy: { 'policy-type': 'no-policy-found' } }), 'missing', null],
    ['a time without a zone', withRange('2026-01-01T00:00:00'), 'no_zone', '2026-01-01T00:00:00'],
  ])('%s', async (_, report, code, value) => {
    expect(await read(JSON.stringify(report))).toMatchObject({ type: 'tls', report: { warnings: [{ code, value }] } })
  })

  test('bytes before the document', async () => {
    const event = await read(`-----\r\nTLS report\r\n${JSON.stringify(sound)}`)
    expect(event).toMatchObject({ type: 'tls', part: 'json', report: { reportId: '1', warnings: [{ code: 'text_before_document' }] } })
  })
})

test('a report id that is a long number is not rounded', async () => {
  const text = JSON.stringify(sound).replace('"report-id":"1"', '"report-id": 12345678901234567890')
  expect(await read(text)).toMatchObject({ report: { reportId: '12345678901234567890' } })
})

describe('a period is read that is written as', () => {
  test.each([
    ['the standard says', '2026-01-01T00:00:00.5Z', []],
    ['an offset', '2026-01-01T02:00:00+02:00', []],
    ['an offset without a colon', '2026-01-01T02:00:00+0200', ['unusual_time']],
    ['a day', '2026-01-01', ['unusual_time']],
    ['minutes', '2026-01-01 00:00 UTC', ['unusual_time']],
    ['seconds', 1_767_225_600, ['unusual_time']],
    ['seconds in text', '1767225600', ['unusual_time']],
    ['milliseconds', 1_767_225_600_000, ['time_in_milliseconds']],
    ['a date of mails', 'Thu, 01 Jan 2026 01:00:00 +0100', ['unusual_time']],
  ])('%s', async (_, start, codes) => {
    const event = await read(JSON.stringify(withRange(start)))
    expect(event).toMatchObject({ type: 'tls', report: { begin: 1_767_225_600 } })
    expect(event?.type === 'tls' && event.report.warnings.map((it) => it.code)).toEqual(codes)
  })

  test.each([
    ['weeks', withRange('2026-01-01T00:00:00Z', '2026-01-15T00:00:00Z'), 'long_period'],
    ['the first day of all', withRange('1970-01-01T00:00:00Z', '1970-01-01T23:59:59Z'), 'period_at_epoch'],
    ['days to come', withRange('2100-01-01T00:00:00Z', '2100-01-01T23:59:59Z'), 'period_in_future'],
  ])('one of %s is told of', async (_, report, code) => {
    const options = { receivedAt: Date.UTC(2026, 0, 15) / 1000 }
    const found: ReadEvent[] = []
    for await (const event of readInput(fromBytes(Buffer.from(JSON.stringify(report))), options)) found.push(event)
    expect(found).toMatchObject([{ type: 'tls', report: { warnings: [{ code }] } }])
  })

  test('a leap second, which is the second after', async () => {
    expect(await read(JSON.stringify(withRange('2026-01-01T00:00:00Z', '2026-01-01T23:59:60Z')))).toMatchObject({
      report: { end: 1_767_312_000 },
    })
  })

  test.each(['01/02/2026', 20_260_101, 0, '2026-02-30T00:00:00Z', '2026-13-01T00:00:00Z', '12', true, null, ['2026-01-01']])(
    'but not %s, which could be anything',
    async (start) => {
      expect(await read(JSON.stringify(withRange(start)))).toMatchObject({ type: 'rejected', reason: { code: 'no_period' } })
    },
  )
})

describe('an array of reports', () => {
  const text = JSON.stringify([sound, { ...sound, 'report-id': '2' }, { ...sound, 'date-range': null }, 5])

  test('is read as what it holds, each for itself', async () => {
    const found = await readEach(text)
    expect(
      found.map((it) => (it.type === 'tls' ? [it.part, it.report.reportId] : it.type === 'rejected' ? [it.part, it.reason.code] : it.type)),
    ).toEqual([
      ['json:0', '1'],
      ['json:1', '2'],
      ['json:2', 'no_period'],
      ['json:3', 'wrong_root'],
    ])
  })

  test('holds the same reports as files of their own', async () => {
    const [first] = await readEach(text)
    const alone = await read(JSON.stringify(sound))
    expect(first?.type === 'tls' && first.report.contentHash).toBe(alone?.type === 'tls' && alone.report.contentHash)
  })

  test('is opened again as a whole', async () => {
    const chunks: Uint8Array[] = []
    for await (const chunk of openPart(fromBytes(Buffer.from(text)), 'json:1')) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe(text)
  })

  test('is refused when it is longer than the limit', async () => {
    const many = `[${`${JSON.stringify(sound)},`.repeat(100)}1]`
    expect(await readEach(many)).toMatchObject([
      { type: 'rejected', reason: { code: 'limit', limit: { name: 'jsonReports', value: 100 } } },
    ])
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
