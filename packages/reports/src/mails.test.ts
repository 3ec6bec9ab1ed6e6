import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readAll } from '../testing/read-all.ts'
import { writeAggregate } from './generate/aggregate-xml.ts'
import { largeReport } from './generate/large-report.ts'
import { writeZip } from './generate/zip-file.ts'
import { openPart } from './part.ts'
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

  test('in a zip with something behind it, beside a file that is not read', async () => {
    const members = { 'Thumbs.db': Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'a.xml': Buffer.from(xml('a')) }
    const zip = writeZip(Object.entries(members).map(([name, bytes]) => ({ name, bytes })))
    const found = await readAll(fromBytes(Buffer.concat([zip, Buffer.from('\r\n')])))
    expect(found).toMatchObject([{ part: 'zip:1>xml', reportId: 'a', warnings: [{ code: 'data_after_zip' }] }])
  })

  test('in the mails of an mbox', async () => {
    const line = 'From r@mx.example Thu Jan  1 00:00:00 2026\r\n'
    const mails = ['a', 'b'].flatMap((id) => [Buffer.from(line), mail(text('From us'), attachment(gzipSync(xml(id)))), Buffer.from('\r\n')])
    const mbox = Buffer.concat(mails)
    expect(await outcomes(mbox)).toEqual(['mbox:0>eml:1>gz>xml: a', 'mbox:1>eml:1>gz>xml: b'])
    const chunks: Uint8Array[] = []
    for await (const chunk of openPart(fromBytes(mbox), 'mbox:1>eml:1>gz>xml')) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe(xml('b'))
    expect(await outcomes(Buffer.concat(mails.slice(0, 3)))).toEqual(['eml:1>gz>xml: a'])
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
    ['a gzip of another text', attachment(gzipSync('hello')), 'eml:0>gz>text: rejected no_report_in_archive'],
    [
      'a zip of something else',
      attachment(writeZip([{ name: 'a.txt', bytes: Buffer.from('hello') }])),
      'eml:0>zip: rejected no_report_in_archive',
    ],
  ])('is rejected when it may be one that can not be read: %s', async (_, part, outcome) => {
    expect(await outcomes(mail(part))).toEqual([outcome])
  })

  test.each([
    ['is empty', attachment('', 'application/gzip'), 'eml:0>empty: rejected empty'],
    ['is no gzip', attachment('hello', 'application/gzip'), 'eml:0>text: rejected unknown_format'],
    [
      'has the name of one',
      attachment('hello', 'text/plain; name="mx.example!example.com!1!2.xml"'),
      'eml:0>text: rejected unknown_format',
    ],
    ['is encrypted', attachment('hello', 'application/pkcs7-mime'), 'eml:0: rejected unsupported_archive'],
  ])('is rejected when the part that should be a report %s', async (_, part, outcome) => {
    expect(await outcomes(mail(part, text('hello')))).toEqual([outcome])
    expect(await outcomes(mail(part, attachment(gzipSync(xml('a')))))).toEqual(['eml:1>gz>xml: a'])
  })

  test('is rejected when its parts can not be told apart', async () => {
    const bytes = Buffer.from(
      'From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n',
    )
    expect(await outcomes(bytes)).toEqual(['eml: rejected bad_mail'])
  })
})

describe('a mail without a report says what it is', () => {
  const withHeader = (header: string, ...parts: string[]) => Buffer.from(`${header}\r\n${mail(...parts).toString('latin1')}`)
  const notice =
    'Report-Domain: example.com\r\nReport-ID: 1@mx.example\r\nReport-Size: 10485761\r\nSubmitter: mx.example\r\nSubmitting-URI: mailto:r@example.com'
  test.each([
    ['bounce', mail(text('It could not be delivered.'), text('Action: failed\r\nStatus: 5.1.1', 'message/delivery-status'))],
    ['too_big_notice', mail(text(notice))],
    ['too_big_notice', withHeader('Subject: DMARC too big report', text('see above'))],
    ['auto_reply', withHeader('Auto-Submitted: auto-replied (vacation)', text('I am away.'))],
    ['auto_reply', withHeader('X-Autoreply: yes', text('I am away.'))],
    ['auto_reply', withHeader('Subject: Out of office', text('I am away.'))],
    // Yahoo sent these for a while (row 21).
    ['placeholder', mail(attachment(gzipSync('unused')))],
    ['bounce', mail(text('Action: failed', 'message/delivery-status'), attachment('hello', 'application/zip'))],
    ['bounce', withHeader('Subject: Undelivered Mail Returned to Sender', text('It could not be delivered.'))],
    // Reporters mark their reports so; it says nothing about what is in the mail.
    ['not_a_report', withHeader('Auto-Submitted: auto-generated', text('News of the week.'))],
  ])('%s', async (code, bytes) => {
    expect((await outcomes(bytes)).map((it) => it.split(': ')[1])).toEqual([`ignored ${code}`])
  })

  test('but a report in it comes first', async () => {
    const bytes = withHeader('Auto-Submitted: auto-replied', text(notice), attachment(gzipSync('unused')), attachment(gzipSync(xml('a'))))
    expect(await outcomes(bytes)).toEqual(['eml:2>gz>xml: a'])
    const bounced = mail(
      text('Action: failed', 'message/delivery-status'),
      text(
        mail(attachment(xml('b')))
          .toString('latin1')
          .replaceAll('boundary=b', 'boundary=i')
          .replaceAll('--b', '--i'),
        'message/rfc822',
      ),
    )
    expect(await outcomes(bounced)).toEqual(['eml:1>eml:0>xml: b'])
  })
})

describe('a report is found although', () => {
  const packed = gzipSync(xml('a')).toString('base64')
  test.each([
    [
      'its part is labelled multipart/alternative (row 4)',
      `Content-Type: multipart/alternative\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`,
    ],
    ['its part has no type (row 5)', `ContentType: application/gzip\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`],
    ['its type is in capitals (row 3)', `CONTENT-TYPE: APPLICATION/GZIP\r\nCONTENT-TRANSFER-ENCODING: BASE64\r\n\r\n${packed}`],
    [
      'its name is in pieces (row 2)',
      `Content-Type: application/octet-stream; name*0=mx.example!example.com!1; name*1=!2.xml.gz\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`,
    ],
    ['it is inline (row 6)', `Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`],
    [
      'it is quoted-printable (row 20)',
      `Content-Type: text/xml\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${xml('a').replaceAll('=', '=3D').replaceAll('\n', '\r\n')}`,
    ],
    ['a forwarded mail has hardly a header', `Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n${xml('a')}`],
  ])('%s', async (_, part) => {
    expect((await outcomes(mail(text('<p>hello</p>', 'text/html'), part))).map((it) => it.split(': ')[1])).toEqual(['a'])
  })

  test.each([
    ['iso-8859-1', Buffer.from('Büro', 'latin1'), 'Büro'],
    ['koi8-r', Buffer.from([0xf0, 0xcf, 0xde, 0xd4, 0xc1]), 'Почта'],
    // Mailers write any charset: what is UTF-8 stays that.
    ['iso-8859-1', Buffer.from('Büro'), 'Büro'],
  ])('only its part says that it is in %s', async (charset, name, orgName) => {
    const [head = '', tail = ''] = xml('a')
      .replace(/<\?xml.*?\?>/, '')
      .split('large.example</org_name>')
    const bytes = Buffer.concat([Buffer.from(head), name, Buffer.from(`</org_name>${tail}`)])
    const part = `Content-Type: text/xml; charset=${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64')}`
    expect(await readAll(fromBytes(mail(part)))).toMatchObject([{ orgName, warnings: [] }])
  })

  test('the mail has no type but a body of base64', async () => {
    expect(await outcomes(Buffer.from(`From: a@example.com\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n${packed}`))).toEqual([
      'eml:0>gz>xml: a',
    ])
  })
})

describe('a broken mail is read with a warning when', () => {
  const whole = mail(text('x'), attachment(gzipSync(xml('a')))).toString('latin1')
  test.each([
    ['its lines end with carriage returns alone', whole.replaceAll('\r\n', '\r'), 'bare_carriage_returns'],
    ['its Content-Type is folded without white space', whole.replace('; boundary=b', ';\r\nboundary="b"'), 'repaired'],
    ['a blank line stands before the header', `\r\n${whole}`, 'data_before_mail'],
  ])('%s', async (_, broken, code) => {
    expect(await readAll(fromBytes(Buffer.from(broken, 'latin1')))).toMatchObject([{ reportId: 'a', warnings: [{ code }] }])
  })
})

test('an Outlook message or a foreign archive is told of before a notice', async () => {
  const bytes = mail(attachment(gzipSync('unused')), attachment(Buffer.from('789f3e22', 'hex'), 'application/ms-tnef'))
  expect(await outcomes(bytes)).toEqual(['eml:1>msg: rejected unsupported_archive'])
})

describe('other kinds of report are recognised', () => {
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

test('a part whose Content-Type is empty is told by its bytes', async () => {
  const mail =
    'From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: \r\n\r\nhello\r\n'
  expect(await readAll(fromBytes(Buffer.from(mail)))).toMatchObject([{ type: 'ignored' }])
})
