import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readEnvelope } from './envelope.ts'

const read = (text: string) => readEnvelope(Buffer.from(text, 'latin1'))
const nothing = { subject: null, from: null, fromDomain: null, date: null, messageId: null }

test('reads what a mail says about itself, decoded', async () => {
  const envelope = await read(
    [
      'From: =?utf-8?Q?B=C3=BCcher?= <reports@MX.example>',
      'Subject: =?utf-8?B?UmVwb3J0IERvbWFpbjogZXhhbXBsZS5jb20=?=',
      ' Submitter: mx.example',
      'Date: Mon, 01 Jan 2024 12:00:00 +0200',
      'Message-ID: <1@mx.example>',
      '',
      'Subject: not this one',
    ].join('\r\n'),
  )
  expect(envelope).toEqual({
    subject: 'Report Domain: example.com Submitter: mx.example',
    from: '"Bücher" <reports@MX.example>',
    fromDomain: 'mx.example',
    date: Date.UTC(2024, 0, 1, 10) / 1000,
    messageId: '<1@mx.example>',
  })
})

test('says null for what is not there or can not be read', async () => {
  expect(await read('')).toEqual(nothing)
  expect(await read('Date: yesterday\r\n\r\n')).toEqual(nothing)
  expect(await read('just text')).toEqual(nothing)
})

test('cuts what is long and takes line breaks out', async () => {
  const { subject } = await read(`Subject: ${'x'.repeat(10_000)}\r\n\r\n`)
  expect(subject).toHaveLength(500)
  expect((await read('Subject: =?utf-8?Q?a=0D=0AX-Evil:_1?=\r\n\r\n')).subject).toBe('a X-Evil: 1')
})

test('does not throw, whatever it gets', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), async (bytes) => {
      expect(Object.keys(await readEnvelope(bytes))).toEqual(Object.keys(nothing))
    }),
    { numRuns: 50, seed: 1 },
  )
})
