import { describe, expect, test } from 'vitest'
import { arf, feedback, lines, mailOf, sample, shown, words } from '../../testing/failure-mail.ts'
import { type ReadOptions, readInput } from '../read.ts'
import { fromBytes } from '../source.ts'

async function read(bytes: Uint8Array, options: ReadOptions = {}) {
  for await (const event of readInput(fromBytes(bytes), options)) if (event.type === 'failure') return event
  throw new Error('no failure report')
}

const secret = 'The parcel is on its way.'
const multipart = `${sample.slice(0, sample.indexOf('Content-Type'))}Content-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>${secret}</p>\r\n--i\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${secret.replace('parcel', 'p=E4rcel')}\r\n--i--\r\n`
const notice = lines(
  'A message claiming to be from you has failed the published DMARC policy for your domain.',
  'Sender Domain: example.com',
  'Sender IP Address: 192.0.2.55',
  '------ This is a copy of the message.',
)

describe('a mail reduced to the headers of the message', () => {
  test.each([
    ['whole message', mailOf([words, arf(), shown()])],
    ['message with parts', mailOf([words, arf(), shown(multipart)])],
    ['bytes that are no text', mailOf([words, arf(), shown(sample.replace('Your order', 'gr\xfcn'))])],
    ['a last line without an end', mailOf([words, arf(feedback.trimEnd()), shown(sample.split('\r\n\r\n')[0])])],
    ['bare line feeds', Buffer.from(mailOf([words, arf(), shown()]).toString('latin1').replaceAll('\r\n', '\n'), 'latin1')],
    [
      'a copy of the body in a field',
      mailOf([words, arf(`${feedback}DKIM-Canonicalized-Body: ${Buffer.from(secret).toString('base64')}\r\n`), shown()]),
    ],
    ['a flood of headers', mailOf([words, arf(), shown(`${'X-Pad: x\r\n'.repeat(3000)}${sample}`)])],
    ['no message', mailOf([words, arf()])],
    ['in words', mailOf([{ type: 'text/plain', content: notice + sample }], 'multipart/mixed')],
    ['forwarded', mailOf([words, shown(mailOf([words, arf(), shown()]).toString('latin1'))], 'multipart/mixed')],
    ['a carriage return within a field', mailOf([words, arf(feedback.replace('reject', 'reject\rX-A: b')), shown()])],
    ['a message that begins like a report', mailOf([words, arf(), shown(`Auth-Failure: dmarc\r\n${sample}`)])],
  ])('gives the same report without the body: %s', async (_, bytes) => {
    const { report, reduced } = await read(bytes)
    if (reduced === null) throw new Error('it was not reduced')
    const text = Buffer.from(reduced).toString('latin1')
    expect(text).not.toContain(secret)
    expect(text).not.toContain(Buffer.from(secret).toString('base64').slice(0, 12))
    const again = await read(reduced)
    const { warnings, ...said } = report
    expect(again.report).toMatchObject(said)
    expect(again.report.warnings.map((it) => it.code)).toEqual(warnings.map((it) => it.code))
    expect(Buffer.from(again.reduced ?? []).toString('latin1')).toBe(text)
  })

  test('keeps the header of the mail that brought it', async () => {
    const text = Buffer.from((await read(mailOf([words, arf(), shown()]))).reduced ?? []).toString('latin1')
    expect(text).toMatch(
      /^MIME-Version: .*\r\nContent-Type: .*\r\nFrom: Reports of mx\.example <noreply@mx\.example>\r\nTo: ruf@example\.com\r\nSubject: FW: Your order\r\nDate: .*\r\n\r\n/,
    )
  })

  test('is known as a mail although there was hardly a header round the report', async () => {
    const inner = mailOf([words, arf(), shown()])
      .toString('latin1')
      .replace(/^(?:From|To|Subject|Date|MIME-Version): .*\r\n/gm, '')
    const { report, reduced } = await read(Buffer.from(`From: a@example.com\r\nContent-Type: message/rfc822\r\n\r\n${inner}`))
    expect((await read(Buffer.from(reduced ?? []))).report).toEqual(report)
  })

  test('has the headers of the message up to the limit, however its lines ended', async () => {
    const long = `From: a@example.com\n${`X-A: ${'x'.repeat(99_990)}\n`.repeat(11)}`
    const { report, reduced } = await read(mailOf([words, arf(), shown(long)]))
    const again = await read(Buffer.from(reduced ?? []))
    expect(report.original.headers).toHaveLength(11)
    expect(again.report).toMatchObject({ original: report.original, contentHash: report.contentHash })
  })
})

describe('the body of the message', () => {
  test('is not read unless it is asked for', async () => {
    expect((await read(mailOf([words, arf(), shown()]))).report.original.body).toBeNull()
  })

  test('is its plain text, when it is asked for', async () => {
    const body = async (message: string, options: ReadOptions = {}) =>
      (await read(mailOf([words, arf(), shown(message)]), { sampleBodies: true, ...options })).report.original.body
    expect(await body(sample)).toBe(secret)
    expect(await body(multipart)).toBe(secret.replace('parcel', 'pärcel'))
    expect(await body(sample, { limits: { sampleBodyChars: 10 } })).toBe(secret.slice(0, 10))
    expect(await body(sample.replace('text/plain', 'text/html'))).toBeNull()
  })

  test('changes neither the hash nor what is kept when bodies may not be', async () => {
    const bytes = mailOf([words, arf(), shown()])
    const [without, withBody] = [await read(bytes), await read(bytes, { sampleBodies: true })]
    expect(withBody.report.contentHash).toBe(without.report.contentHash)
    expect(withBody.reduced).toEqual(without.reduced)
  })
})

describe('hostile failure reports stay small', () => {
  const flood = (name: string, count: number) => `${name}: x@example.com\r\n`.repeat(count)

  test('fields, headers and values without end', async () => {
    const huge = `X-Huge: ${'h'.repeat(500_000)}\r\n`
    const fields = feedback + flood('Original-Rcpt-To', 15_000) + flood('Authentication-Results', 1000)
    const { report, reduced } = await read(mailOf([words, arf(fields), shown(`${flood('X-Pad', 5000)}${huge}${sample}`)]))
    expect(report.originalRcptTo).toHaveLength(100)
    expect(report.authenticationResults).toHaveLength(100)
    expect(report.original.headers).toHaveLength(500)
    expect(report.original.subject).toBe('Your order')
    expect(JSON.stringify(report).length).toBeLessThan(100_000)
    expect(report.warnings.length).toBeLessThanOrEqual(101)
    expect(reduced?.length).toBeLessThan(2_000_000)
  })

  test.each([
    ['blanks', ' '.repeat(900_000)],
    ['carriage returns', '\r'.repeat(900_000)],
    ['parentheses', '('.repeat(900_000)],
    ['dashes', '-'.repeat(900_000)],
    ['encoded words', '=?utf-8?Q?'.repeat(90_000)],
    ['quote marks', '>'.repeat(900_000)],
  ])('%s do not cost more than their length', async (_, run) => {
    const fields = `${feedback}Identity-Alignment: ${run}x\r\nDelivery-Result: ${run}\r\n`
    const { report } = await read(mailOf([words, arf(fields), shown(`Subject: ${run}x\r\n${sample}`)]))
    expect(report.reportedDomain).toBe('example.com')
    const inWords = await read(mailOf([{ type: 'text/plain', content: `${notice}${run}\r\n` }]))
    expect(inWords.report.reportedDomain).toBe('example.com')
  })
})
