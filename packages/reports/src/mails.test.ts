import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAll } from '../testing/read-all.ts'
import { writeAggregate } from './generate/aggregate-xml.ts'
import { largeReport } from './generate/large-report.ts'
import { writeZip } from './generate/zip-file.ts'
import { fromBytes } from './source.ts'

const xml = (id: string) => {
  const content = largeReport({ records: 1 })
  return writeAggregate({ ...content, head: { ...content.head, reportId: id } })
}
const attachment = (bytes: Uint8Array | string, type = 'application/octet-stream') =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(bytes).toString('base64').replaceAll(/.{76}/g, '$&\r\n')}`
const text = (content: string, type = 'text/plain') => `Content-Type: ${type}\r\n\r\n${content}`
const mail = (...parts: string[]) =>
  Buffer.from(
    `From: Reports <r@mx.example>\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts.map((it) => `--b\r\n${it}\r\n`).join('')}--b--\r\n`,
  )

/** What became of each thing in an input, in short. */
async function outcomes(bytes: Uint8Array): Promise<string[]> {
  const found = await readAll(fromBytes(bytes))
  return found.map((it) => ('records' in it ? `${it.part}: ${it.reportId}` : `${it.part}: ${it.type} ${it.reason.code}`))
}

describe('all reports of an input are found', () => {
  test('in several attachments', async () => {
    const bytes = mail(text('two reports'), attachment(gzipSync(xml('a'))), attachment(xml('b'), 'text/xml'))
    expect(await outcomes(bytes)).toEqual(['eml:1>gz>xml: a', 'eml:2>xml: b'])
  })

  test('in one zip, with other files and folders beside them', async () => {
    const members = {
      'in/': '',
      'in/read me.txt': 'hello',
      'in/1': xml('a'),
      '__MACOSX/._1': '\0\0\0\0',
      'in/2.gz': gzipSync(xml('b')),
      'page.html': '<html></html>',
    }
    const zip = writeZip(Object.entries(members).map(([name, content]) => ({ name, bytes: Buffer.from(content) })))
    expect(await outcomes(zip)).toEqual(['zip:2>xml: a', 'zip:4>gz>xml: b'])
  })

  test('although another one is broken', async () => {
    const bytes = mail(attachment(gzipSync(xml('a')).subarray(0, 100)), attachment('<feedback>'), attachment(xml('b')))
    expect(await outcomes(bytes)).toEqual(['eml:0>gz: rejected truncated', 'eml:1>xml: rejected truncated', 'eml:2>xml: b'])
  })

  test('in the text of a mail, after a byte order mark, and under a wrong type', async () => {
    const bytes = Buffer.concat([Buffer.from('\ufeff'), mail(attachment(gzipSync(xml('a')), 'text/plain; charset=utf-8; format=flowed'))])
    const [report] = await readAll(fromBytes(bytes))
    expect(report).toMatchObject({ reportId: 'a', warnings: [{ code: 'data_before_mail' }] })
  })
})

describe('what comes beside a report is not spoken of', () => {
  test.each([
    ['an HTML page', text('<!DOCTYPE html><html><body>x</body></html>', 'text/html')],
    ['a text that begins with a link', text('<https://mx.example/> is where to read more')],
    ['a picture', attachment(Buffer.from('89504e470d0a1a0a0000000d', 'hex'), 'image/png')],
    ['a drawing', attachment('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml')],
    ['a signature', attachment('-----BEGIN PKCS7-----', 'application/pkcs7-signature')],
    ['a letter in .doc', attachment(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'application/msword')],
    ['an archive of something else', attachment(writeZip([{ name: 'a.txt', bytes: Buffer.from('hello') }]))],
    ['an empty part', text('')],
  ])('%s', async (_, part) => {
    expect(await outcomes(mail(part, attachment(gzipSync(xml('a'))), part))).toEqual(['eml:1>gz>xml: a'])
  })
})

describe('a mail without a report', () => {
  test('is ignored', async () => {
    expect(await outcomes(mail(text('I am out of office.'), text('<p>I am out of office.</p>', 'text/html')))).toEqual([
      'eml: ignored not_a_report',
    ])
    expect(await outcomes(Buffer.from('From: a@example.com\r\nSubject: DMARC\r\n\r\nRead about rua=mailto:\r\n'))).toEqual([
      'eml: ignored not_a_report',
    ])
  })

  test.each([
    ['an Outlook message', attachment(Buffer.from('d0cf11e0a1b11ae1', 'hex')), 'eml:0>msg: rejected unsupported_archive'],
    ['a rar archive', attachment(Buffer.from('526172211a070100', 'hex')), 'eml:0>archive: rejected unsupported_archive'],
    // Yahoo sent these for a while (row 21).
    ['a gzip of one word', attachment(gzipSync('unused')), 'eml:0>gz>text: rejected no_report_in_archive'],
    [
      'a zip of something else',
      attachment(writeZip([{ name: 'a.txt', bytes: Buffer.from('hello') }])),
      'eml:0>zip: rejected no_report_in_archive',
    ],
  ])('is rejected when it may be one that can not be read: %s', async (_, part, outcome) => {
    expect(await outcomes(mail(part))).toEqual([outcome])
  })

  test('is rejected when its parts can not be told apart', async () => {
    const bytes = Buffer.from(
      'From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n',
    )
    expect(await outcomes(bytes)).toEqual(['eml: rejected bad_mail'])
  })
})

describe('other kinds of report are recognised', () => {
  test('a failure report, whose example mail is not looked into', async () => {
    const feedback = 'Feedback-Type: auth-failure\r\nUser-Agent: x/1\r\nVersion: 1\r\nAuth-Failure: dmarc\r\n'
    const example = `Content-Type: message/rfc822\r\n\r\n${mail(attachment(gzipSync(xml('a'))))
      .toString('latin1')
      .replaceAll('boundary=b', 'boundary=b2')
      .replaceAll('--b', '--b2')}`
    expect(await outcomes(mail(text('failed'), text(feedback, 'message/feedback-report'), example))).toEqual([
      'eml:1>arf: rejected unsupported_kind',
    ])
  })

  test('an SMTP TLS report without a period', async () => {
    const json = '{"organization-name":"mx.example","policies":[]}'
    expect(await outcomes(mail(text('x'), attachment(gzipSync(json), 'application/tlsrpt+gzip')))).toEqual([
      'eml:1>gz>json: rejected no_period',
    ])
    expect(await outcomes(Buffer.from(json))).toEqual(['json: rejected no_period'])
  })
})

describe('the reporter of a report without org_name', () => {
  const nameless = xml('a').replace(/<org_name>.*?<\/org_name>/, '<org_name> </org_name>')

  test('is the domain of its e-mail address', async () => {
    expect((await readAll(fromBytes(mail(attachment(nameless)))))[0]).toMatchObject({
      orgName: null,
      reporter: 'large.example',
      reporterDerivedFrom: 'email',
    })
  })

  test('is the domain of the mail without one', async () => {
    const bare = nameless.replace(/<email>.*?<\/email>/, '')
    expect((await readAll(fromBytes(mail(attachment(bare)))))[0]).toMatchObject({ reporter: 'mx.example', reporterDerivedFrom: 'sender' })
    expect((await readAll(fromBytes(Buffer.from(bare))))[0]).toMatchObject({ reporter: '', reporterDerivedFrom: 'none' })
  })
})

test('a period that ends long after the report came is noted', async () => {
  const bytes = Buffer.from(xml('a'))
  const [late] = await readAll(fromBytes(bytes), { receivedAt: 1_767_225_600 - 2 * 86_400 })
  expect(late).toMatchObject({ warnings: [{ code: 'period_in_future', path: 'report_metadata/date_range/end' }] })
  const [onTime] = await readAll(fromBytes(bytes), { receivedAt: 1_767_312_000 })
  expect(onTime).toMatchObject({ warnings: [] })
})
