import { constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type NoReport, readAll, type WholeReport } from '../testing/read-all.ts'
import { largeReport } from './generate/large-report.ts'
import { writeAggregate } from './generate/aggregate-xml.ts'
import { writeReportMail } from './generate/mail.ts'
import { writeZip } from './generate/zip-file.ts'
import { type ByteSource, fromBytes } from './source.ts'
import { readInput } from './read.ts'

const MiB = 1024 * 1024
const mailOptions = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
const xml = (records: number) => writeAggregate(largeReport({ records }))
const member = (name: string, content: string | Uint8Array) => ({ name, bytes: Buffer.from(content) })

async function reasons(bytes: Uint8Array | string, options = {}): Promise<NoReport['reason'][]> {
  const found = await readAll(fromBytes(Buffer.from(bytes)), options)
  return found.map((it) => {
    if ('reason' in it) return it.reason
    throw new Error('it was read')
  })
}
const reports = async (bytes: Uint8Array | string, options = {}) =>
  (await readAll(fromBytes(Buffer.from(bytes)), options)).filter((it): it is WholeReport => 'records' in it)

const jsonOf = (block: Uint8Array): Buffer =>
  Buffer.concat([
    deflateRawSync('{"policies":"', { finishFlush: constants.Z_FULL_FLUSH }),
    ...Array.from({ length: 128 }, () => block),
    deflateRawSync(''),
  ])

describe('bombs end at a limit', () => {
  // Dashes in a comment: the most that can be packed into the least, and no text limit stops it.
  const bomb = Buffer.concat([Buffer.from('<feedback><!--'), Buffer.alloc(24 * MiB, '-')])

  test.each([
    ['gzip', gzipSync(bomb)],
    ['zlib', deflateSync(bomb)],
    ['gzip in gzip in a mail', writeReportMail(gzipSync(bomb), { ...mailOptions, wrapping: 'octet-stream' })],
    ['a zip entry', writeZip([member('a.xml', bomb)])],
  ])('%s', async (_, packed) => {
    const [comment] = await reasons(packed)
    expect(comment).toMatchObject({ code: 'limit', limit: { name: 'xmlOutsideChars', value: 16 * MiB } })
    expect(comment?.message).toMatch(/RUADAR_LIMITS with xmlOutsideChars=/)
    const [inflated] = await reasons(packed, { limits: { inflatedBytes: 8 * MiB } })
    expect(inflated).toMatchObject({ code: 'limit', limit: { name: 'inflatedBytes', value: 8 * MiB } })
  })

  // Blocks of deflate that end at a full flush may be put one after the other, so that 2 GiB need not be packed to be written.
  const block = deflateRawSync(Buffer.alloc(16 * MiB, '-'), { finishFlush: constants.Z_FULL_FLUSH })
  const start = deflateRawSync('<feedback><!--', { finishFlush: constants.Z_FULL_FLUSH })
  const huge = { data: Buffer.concat([start, ...Array.from({ length: 128 }, () => block), deflateRawSync('')]), size: 2 ** 31 }

  test('a zip entry of 2 GiB, whether it says so or not, in little memory', async () => {
    for (const size of [huge.size, 100]) {
      const before = process.memoryUsage().rss
      const zip = writeZip([{ name: 'a.xml', bytes: Buffer.alloc(0), deflated: { ...huge, size } }])
      expect(zip.length).toBeLessThan(4 * MiB)
      expect((await reasons(zip))[0]).toMatchObject({ code: 'limit', limit: { name: 'xmlOutsideChars' } })
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * MiB)
    }
  })

  test('a zip entry of 2 GiB that is one text of a JSON document', async () => {
    const zip = writeZip([{ name: 'a.json', bytes: Buffer.alloc(0), deflated: { ...huge, data: jsonOf(block) } }])
    expect((await reasons(zip))[0]).toMatchObject({ code: 'limit', limit: { name: 'jsonBytes', value: 10 * MiB } })
  })

  test('many zip entries that are each just small enough', async () => {
    const zip = writeZip(Array.from({ length: 4 }, (_, index) => member(`${index}.xml`, bomb.subarray(0, 8 * MiB))))
    const found = await reasons(zip, { limits: { inflatedBytesTotal: 20 * MiB } })
    expect(found.map((it) => it.limit?.name ?? it.code)).toEqual(['truncated', 'truncated', 'inflatedBytesTotal', 'inflatedBytesTotal'])
  })

  test.each([
    ['comments', '<!-- x -->'],
    ['instructions', '<?a b?>'],
    ['elements', '<a/>'],
    ['blank lines', '<a/>\n'.padEnd(60_000, '\n')],
  ])('more %s than any report needs', async (_, text) => {
    const much = `<feedback>${text.repeat(Math.ceil((2 * MiB) / text.length))}`
    const [reason] = await reasons(much, { limits: { xmlOutsideChars: MiB } })
    expect(reason).toMatchObject({ limit: { name: 'xmlOutsideChars', value: MiB } })
  })

  test('records that say nothing are no report', async () => {
    const empty = xml(1).replace(/<record>[\s\S]*<\/record>/, '<record/>'.repeat(50_000))
    expect(await reasons(empty)).toMatchObject([{ code: 'no_records' }])
  })

  test('archives inside each other', async () => {
    expect((await reasons(gzipSync(gzipSync(gzipSync(xml(1))))))[0]).toMatchObject({ limit: { name: 'archiveLayers', value: 2 } })
  })

  test('100,000 elements inside each other', async () => {
    expect((await reasons(`<feedback>${'<a>'.repeat(100_000)}`))[0]).toMatchObject({ limit: { name: 'xmlDepth', value: 20 } })
  })

  test('more records than the limit', async () => {
    expect((await reasons(xml(12), { limits: { records: 11 } }))[0]).toMatchObject({ limit: { name: 'records', value: 11 } })
    expect(await reports(xml(12), { limits: { records: 12 } })).toHaveLength(1)
  })

  test('a mail that is too large', async () => {
    const mail = writeReportMail(xml(1), mailOptions)
    expect((await reasons(mail, { limits: { mailBytes: mail.length - 1 } }))[0]).toMatchObject({ limit: { name: 'mailBytes' } })
  })

  test('a mail with thousands of parts', async () => {
    const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'
    const mail = `From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(5000)}--b--\r\n`
    expect((await reasons(mail))[0]).toMatchObject({ limit: { name: 'mailParts', value: 200 } })
  })

  test('a mail with too many parts of a size, the last of which never ends', async () => {
    const part = `--b\r\nContent-Type: text/plain\r\n\r\n${'x\r\n'.repeat(20_000)}`
    const mail = `From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(201)}--b--\r\n`
    expect((await reasons(mail))[0]).toMatchObject({ limit: { name: 'mailParts', value: 200 } })
  })

  test('a mail with many mails that have many parts', async () => {
    const part = (boundary: string, type: string, text: string) => `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`
    const mail = (boundary: string, parts: string) =>
      `From: a@example.com\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${parts}--${boundary}--\r\n`
    const inner = mail('i', part('i', 'text/plain', 'x').repeat(100))
    const outer = mail('o', part('o', 'message/rfc822', inner).repeat(25))
    const found = await reasons(outer)
    expect(found[0]).toMatchObject({ limit: { name: 'mailPartsTotal', value: 2000 } })
  })

  test('headers without end', async () => {
    const flood = `From: a@example.com\r\nSubject: x\r\n${'X-Pad: x\r\n'.repeat(200_000)}\r\nx`
    expect((await reasons(flood))[0]).toMatchObject({ limit: { name: 'headerBytes' } })
    expect((await reasons(`From: a@example.com\r\nSubject: ${'x'.repeat(2 * MiB)}\r\n\r\nx`))[0]).toMatchObject({
      limit: { name: 'headerBytes' },
    })
  })

  test('a mail in a mail in a mail, and so on', async () => {
    const nest = (depth: number): string => {
      const inner = depth === 0 ? writeReportMail(xml(1), mailOptions).toString('latin1') : nest(depth - 1)
      return `From: a@example.com\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n${inner}`
    }
    expect(await reports(nest(2))).toHaveLength(1)
    expect((await reasons(nest(300)))[0]).toMatchObject({ code: 'limit' })
  })
})

describe('nothing of a document is taken that', () => {
  test('declares a type or an entity', async () => {
    const bad = '<?xml version="1.0"?><!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    expect((await reasons(bad + xml(1).replace(/<\?xml.*?\?>/, '')))[0]?.code).toBe('doctype')
  })

  test('is cut off, packed or not', async () => {
    const text = Buffer.from(xml(50))
    expect((await reasons(text.subarray(0, text.length - 20)))[0]?.code).toBe('truncated')
    const packed = gzipSync(text)
    expect((await reasons(packed.subarray(0, packed.length - 100)))[0]?.code).toBe('truncated')
  })

  test('has no period or no domain', async () => {
    expect((await reasons(xml(1).replace(/<begin>.*?<\/begin>/, '')))[0]?.code).toBe('no_period')
    expect((await reasons(xml(1).replace(/<end>\d+/, '<end>9999999999999999999999')))[0]?.code).toBe('no_period')
    expect((await reasons(xml(1).replace(/(<policy_published>\s*)<domain>.*?<\/domain>/, '$1')))[0]?.code).toBe('no_policy_domain')
  })
})

test('entities that a document did not declare stay text, and references to what XML forbids vanish', async () => {
  const [report] = await reports(xml(1).replace('large.example<', 'a&#x41;&amp;lt;&lol;&#0;&#x0;b<'))
  expect(report?.orgName).toBe('aA&lt;&lol;b')
})

test('names of the prototype are names like any other', async () => {
  const hostile = xml(1)
    .replaceAll(/<(\/?)record>/g, '<$1record>')
    .replace(
      '<row>',
      '<__proto__><polluted>1</polluted></__proto__><row><constructor><prototype><polluted>1</polluted></prototype></constructor>',
    )
    .replace('<org_name>large.example', '<__proto__>1</__proto__><org_name>__proto__')
    .replace('<dkim>', '<hasOwnProperty>1</hasOwnProperty><dkim>')
  const [report] = await reports(hostile)
  expect(report).toMatchObject({ orgName: '__proto__', totals: { records: 1 } })
  expect({}).not.toHaveProperty('polluted')
})

test('equal records are kept and summed', async () => {
  const once = xml(1)
  const record = /<record>[\s\S]*<\/record>/.exec(once)?.[0] ?? ''
  const [single] = await reports(once)
  const [twice] = await reports(once.replace(record, record + record))
  expect(twice?.records).toHaveLength(2)
  expect(twice?.totals.messages).toBe(2 * (single?.totals.messages ?? 0))
})

test('sums stay exact: a count that would make them rounded is left out', async () => {
  const counted = xml(2).replaceAll(/<count>\d+/g, '<count>9007199254740991')
  const [report] = await reports(counted)
  expect(report?.totals.messages).toBe(9_007_199_254_740_991)
  expect(report?.warnings).toContainEqual({ code: 'invalid_count', path: 'record[1]/row/count', value: '9007199254740991' })
})

test('a large report comes in batches and is never held as a whole', async () => {
  const [text] = [xml(2600)]
  const sizes: number[] = []
  for await (const event of readInput(fromBytes(Buffer.from(text)))) if (event.type === 'records') sizes.push(event.records.length)
  expect(sizes).toEqual([500, 500, 500, 500, 500, 100])
})

test('no report is announced before all of it was seen', async () => {
  let bytesRead = 0
  const bytes = Buffer.from(xml(500))
  const source: ByteSource = {
    size: bytes.length,
    async *open() {
      bytesRead = 0
      for await (const chunk of fromBytes(bytes).open()) {
        bytesRead += chunk.length
        yield chunk
      }
    },
  }
  for await (const event of readInput(source)) {
    expect(event.type).toBe('report')
    expect(bytesRead).toBe(bytes.length)
    break
  }
})

test('a failing source is an error and not a verdict on the report', async () => {
  const source: ByteSource = {
    size: null,
    async *open() {
      yield Buffer.from('<feedback>')
      throw new Error('disk on fire')
    },
  }
  await expect(readAll(source)).rejects.toThrow('disk on fire')
})
