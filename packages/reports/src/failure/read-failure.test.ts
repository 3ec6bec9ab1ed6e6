import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { arf, content, feedback, lines, mailOf, sample, shown, words } from '../../testing/failure-mail.ts'
import { type ReadOptions, readInput } from '../read.ts'
import type { ReadEvent } from '../report.ts'
import { fromBytes } from '../source.ts'
import type { FailureReport } from './types.ts'

async function events(bytes: Uint8Array | string, options: ReadOptions = {}): Promise<ReadEvent[]> {
  const found: ReadEvent[] = []
  for await (const event of readInput(fromBytes(Buffer.from(bytes)), options)) found.push(event)
  return found
}

/** The only report of an input. */
async function read(bytes: Uint8Array | string, options: ReadOptions = {}) {
  const found = await events(bytes, options)
  const [event] = found
  if (found.length !== 1 || event?.type !== 'failure') throw new Error(`not one failure report: ${JSON.stringify(found)}`)
  return event
}

const reportOf = async (bytes: Uint8Array | string, options: ReadOptions = {}): Promise<FailureReport> =>
  (await read(bytes, options)).report
const withFields = (...fields: string[]) =>
  mailOf([words, arf(lines('Feedback-Type: auth-failure', 'Auth-Failure: dmarc', ...fields)), shown()])

test('reads all that a report says', async () => {
  const { part, report } = await read(mailOf([words, arf(), shown()]))
  expect(part).toBe('eml:1>arf')
  const { headers, body: _, ...fields } = content
  expect(report).toEqual({
    kind: 'failure',
    ...fields,
    sourceText: null,
    original: { from: 'Shop <shop@example.com>', subject: 'Your order', messageId: '<o1@example.com>', headers, body: null },
    reporter: 'mx.example',
    contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    warnings: [],
  })
})

test('is read from a file with nothing but the fields', async () => {
  expect(await reportOf(feedback)).toMatchObject({ reportedDomain: 'example.com', reporter: '', original: { from: null, headers: [] } })
})

describe('how real senders deviate', () => {
  test('LinkedIn: a fraction as version, a field of its own, an empty envelope sender', async () => {
    const report = await reportOf(
      withFields('Version: 1.0', 'Message-ID: <x@example.com>', 'Original-Mail-From:', 'Reported-Domain: EXAMPLE.com.'),
    )
    expect(report).toMatchObject({ originalMailFrom: '', reportedDomain: 'example.com', identityAlignment: null })
  })

  test('Netease: two signers in one field, and no Auth-Failure', async () => {
    const report = await reportOf(mailOf([words, arf(lines('Feedback-Type: auth-failure', 'DKIM-Domain: example.org; example.net'))]))
    expect(report).toMatchObject({ authFailure: null, dkim: { domain: 'example.org' } })
    expect(report.warnings).toContainEqual({ code: 'several_values', path: 'DKIM-Domain', value: 'example.org; example.net' })
    expect(report.warnings).toContainEqual({ code: 'missing', path: 'Auth-Failure', value: null })
  })

  test('OpenDMARC: a host name behind the address, no arrival date', async () => {
    const report = await reportOf(withFields('Source-IP: 2001:DB8::25 (mailer.example)'))
    expect(report).toMatchObject({ sourceIp: '2001:db8::25', arrivalDate: null, deliveryResult: null })
    expect(report.warnings).toContainEqual({ code: 'missing', path: 'Arrival-Date', value: null })
  })

  test('Return Path: the message is a bare word', async () => {
    expect(await reportOf(mailOf([words, arf(), shown('REDACTED\r\n')]))).toMatchObject({
      reportedDomain: 'example.com',
      original: { from: null, headers: [] },
    })
  })

  test('a complaint is known by its type', async () => {
    const report = await reportOf(
      mailOf([words, arf(lines('User-Agent: Loop/1', 'Feedback-Type: Abuse', 'Received-Date: Wed, 14 Apr 2010 12:15:31 -0700 (PDT)'))]),
    )
    expect(report).toMatchObject({ feedbackType: 'abuse', authFailure: null, arrivalDate: Date.UTC(2010, 3, 14, 19, 15, 31) / 1000 })
  })

  test('several recipients in one field are told apart, so that each can be redacted', async () => {
    const report = await reportOf(withFields('Original-Rcpt-To: <a@example.net>, <b@example.net>', 'Original-Rcpt-To: "a,b"@example.net'))
    expect(report.originalRcptTo).toEqual(['a@example.net', 'b@example.net', '"a,b"@example.net'])
  })

  test('an empty line between the fields does not end them', async () => {
    const report = await reportOf(mailOf([words, arf(feedback.replace('Source-IP', '\r\nSource-IP')), shown()]))
    expect(report).toMatchObject({ originalMailFrom: 'bounce@mailer.example', sourceIp: '192.0.2.55', authFailure: 'dmarc' })
    expect(report.original.subject).toBe('Your order')
  })

  test('redacted recipients stay what they are', async () => {
    const report = await reportOf(
      withFields('Original-Rcpt-To: lRLxexey@example.net', 'Original-Rcpt-To: redacted', 'Original-Rcpt-To: <>'),
    )
    expect(report.originalRcptTo).toEqual(['lRLxexey@example.net', 'redacted'])
  })

  test('comments in Identity-Alignment, several values of what may repeat, the first of what may not', async () => {
    const report = await reportOf(
      withFields(
        'Identity-Alignment: (of 7489) dkim, spf (both (really))',
        'SPF-DNS: txt:a',
        'SPF-DNS: txt:b',
        'Reported-Domain: a.example',
        'Reported-Domain: b.example',
      ),
    )
    expect(report).toMatchObject({ identityAlignment: 'dkim, spf', spfDns: ['txt:a', 'txt:b'], reportedDomain: 'a.example' })
    expect(report.warnings).toContainEqual({ code: 'repeated', path: 'Reported-Domain', value: null })
  })

  test.each([
    ['[192.0.2.9]', '192.0.2.9', null],
    ['[IPv6:2001:db8::9]', '2001:db8::9', null],
    ['mail.example.net', null, 'mail.example.net'],
    ['999.1.1.1', null, '999.1.1.1'],
  ])('source %s', async (text, sourceIp, sourceText) => {
    expect(await reportOf(withFields(`Source-IP: ${text}`))).toMatchObject({ sourceIp, sourceText })
  })

  test.each([
    ['2026-01-01T10:00:05Z', 5],
    ['2026-01-01T10:00:05+02:00', -7195],
    ['Thu, 01 Jan 2026 10:00:05 GMT', 5],
    ['Thu, 01 Jan 2026 10:00:05', 5],
    ['Thu, 01 Jan 2026 12:00:05 +0200 (CEST)', 5],
  ])('arrival %s', async (text, seconds) => {
    const report = await reportOf(withFields(`Arrival-Date: ${text}`))
    expect(report.arrivalDate).toBe(Date.UTC(2026, 0, 1, 10) / 1000 + seconds)
  })

  test.each(['a while ago', '-5', '0', '1e400', 'x'.repeat(1000)])('incidents or a date that are none: %s', async (text) => {
    const report = await reportOf(withFields(`Incidents: ${text}`, `Arrival-Date: a ${text}`))
    expect(report).toMatchObject({ incidents: 1, arrivalDate: null })
    expect(report.warnings.map((it) => it.code)).toEqual(expect.arrayContaining(['invalid_count', 'invalid_date']))
  })
})

describe('charsets of the message', () => {
  const subjectOf = async (subject: string | Buffer) =>
    (
      await reportOf(
        mailOf([
          words,
          arf(),
          {
            type: 'message/rfc822',
            content: Buffer.concat([Buffer.from('From: a@example.com\r\nSubject: '), Buffer.from(subject), Buffer.from('\r\n\r\n')]),
          },
        ]),
      )
    ).original.subject

  test.each([
    ['=?utf-8?B?Z3LDvMOfZQ==?=', 'grüße'],
    ['=?iso-8859-1?Q?gr=FC=DFe_an?= =?iso-8859-1?q?_alle?=', 'grüße an alle'],
    // A character that a careless encoder cut in two.
    ['=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=', 'ü'],
    ['=?utf-8?B?w7w=?= =?koi8-r?B?xMHm?=', 'üдаФ'],
    ['=?utf-8?Q?=FF?=', '\ufffd'],
    ['=?utf-8?B?not base64!?=', '=?utf-8?B?not base64!?='],
    ['=?x-unknown-1?B?w6k=?=', '=?x-unknown-1?B?w6k=?='],
    ['=?utf-7?Q?+ADw-b+AD4-?=', '=?utf-7?Q?+ADw-b+AD4-?='],
    ['"=?utf-8?B?w7w=?=" tail', '" ü " tail'],
    ['voilà', 'voilà'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
  ])('%s', async (raw, subject) => {
    expect(await subjectOf(raw)).toBe(subject)
  })

  test('bytes that are no text become U+FFFD, with a warning', async () => {
    expect(await subjectOf(Buffer.from('gr\xfcn', 'latin1'))).toBe('gr\ufffdn')
  })
})

describe('a report in words (Exim with cPanel, antispamcloud)', () => {
  const notice = lines(
    'A message claiming to be from you has failed the published DMARC policy for your',
    'domain.',
    '',
    '  Sender Domain: Example.com',
    '  Sender IP Address: 203.0.113.68',
    '  Received date: Mon, 07 Apr 2025 23:16:09 +0200',
    '  SPF Alignment: no',
    '  DKIM Alignment: no',
    '  DMARC Results: None, Accept',
    '',
    '------ This is a copy of the headers that were received before the error was detected.',
    '',
  )

  test.each([
    ['in a multipart/report', mailOf([{ type: 'text/plain', content: notice + sample }], 'multipart/report')],
    [
      'with the headers in a part of their own',
      mailOf([{ type: 'text/plain', content: notice }, shown(sample, 'text/rfc822-headers')], 'multipart/report'),
    ],
    ['as the whole mail', `From: noreply@mx.example\r\nSubject: DMARC\r\n\r\n${notice}${sample}`],
    [
      'with two lines above the headers',
      `From: noreply@mx.example\r\nSubject: DMARC\r\n\r\n${notice.replace('before the error was', 'before the error\r\n       was')}${sample}`,
    ],
    ['quoted', `From: noreply@mx.example\r\nSubject: DMARC\r\n\r\n${`${notice}${sample}`.replaceAll(/^/gm, '> ')}`],
    [
      'in HTML alone',
      mailOf(
        [{ type: 'text/html', content: `<html><body><pre>${`${notice}${sample}`.replaceAll('<', '&lt;')}</pre></body></html>` }],
        'multipart/mixed',
      ),
    ],
    [
      'in plain text and in HTML',
      mailOf(
        [
          { type: 'text/html', content: `<p>${notice}${sample}</p>` },
          { type: 'text/plain', content: notice + sample },
        ],
        'multipart/alternative',
      ),
    ],
    [
      'without the line above the headers',
      mailOf([{ type: 'text/plain', content: notice.replace(/------.*\r\n/, '') + sample }], 'multipart/mixed'),
    ],
  ])('%s', async (_, bytes) => {
    const report = await reportOf(bytes)
    expect(report).toMatchObject({
      feedbackType: null,
      authFailure: 'dmarc',
      reportedDomain: 'example.com',
      sourceIp: '203.0.113.68',
      arrivalDate: Date.UTC(2025, 3, 7, 21, 16, 9) / 1000,
      original: { from: 'Shop <shop@example.com>', subject: 'Your order', messageId: '<o1@example.com>' },
      reporter: 'mx.example',
    })
    expect(report.warnings).toContainEqual({ code: 'report_in_words', path: '', value: null })
  })

  test('is not read twice when the fields are there too', async () => {
    expect(await reportOf(mailOf([{ type: 'text/plain', content: notice }, arf(), shown()]))).toMatchObject({ sourceIp: '192.0.2.55' })
  })

  test('with other labels is told of, not taken for a letter', async () => {
    const [event] = await events(mailOf([{ type: 'text/plain', content: notice.replaceAll(/Sender|Received/g, 'Any') }], 'multipart/mixed'))
    expect(event).toMatchObject({ type: 'rejected', reason: { code: 'no_feedback_fields' } })
  })
})

test('what a failure report shows is not looked into, what comes beside it is', async () => {
  const inner = mailOf(
    [words, { type: 'application/gzip', content: gzipSync('<feedback></feedback>'), encoding: 'base64' }],
    'multipart/mixed',
  )
  const kinds = (await events(mailOf([words, arf(), shown(inner.toString('latin1'))]))).map((it) => it.type)
  expect(kinds).toEqual(['failure'])
  const beside = mailOf([words, arf(), shown(), { type: 'text/xml', content: '<feedback>' }])
  expect((await events(beside)).map((it) => it.type).toSorted()).toEqual(['failure', 'rejected'])
})

test('several failure reports in one mail are read each with its own message', async () => {
  const second = feedback.replace('192.0.2.55', '192.0.2.77')
  const found = await events(mailOf([words, arf(), shown(), arf(second), shown(sample.replace('Your order', 'Another'))]))
  expect(found.map((it) => (it.type === 'failure' ? [it.report.sourceIp, it.report.original.subject, it.reduced] : it.type))).toEqual([
    ['192.0.2.55', 'Your order', null],
    ['192.0.2.77', 'Another', null],
  ])
})

test('a report does not take the message of the one before it', async () => {
  const second = feedback.replace('192.0.2.55', '192.0.2.77')
  const found = await events(mailOf([words, arf(), shown(), arf(second)]))
  expect(found.map((it) => (it.type === 'failure' ? [it.report.sourceIp, it.report.original.subject] : it.type))).toEqual([
    ['192.0.2.55', 'Your order'],
    ['192.0.2.77', null],
  ])
})

test('fields that say nothing are refused', async () => {
  const [event] = await events(mailOf([words, arf('It failed.\r\n'), shown()]))
  expect(event).toMatchObject({ type: 'rejected', part: 'eml:1>arf', reason: { code: 'no_feedback_fields' } })
})
