import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { largeReport, writeAggregate, writeReportMail } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ParseOptions, parseCommand, parseFiles } from './parse.ts'

let folder = ''
const path = (name: string) => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ruadar-parse-test-'))
  const xml = writeAggregate(largeReport({ records: 1200 }))
  const mail = { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 }
  writeFileSync(path('report.xml'), xml)
  writeFileSync(path('report.eml'), writeReportMail(xml, mail))
  writeFileSync(path('cut.gz'), gzipSync(xml).subarray(0, 1000))
  writeFileSync(path('letter.eml'), 'From: a@example.com\r\nSubject: hello\r\n\r\nhello\r\n')
  writeFileSync(path('odd.xml'), writeAggregate(largeReport({ records: 1 })).replace('192.0.2.0', 'mail.example.net'))
  writeFileSync(
    path('unicode.xml'),
    writeAggregate(largeReport({ records: 1 }))
      .replace(/(<policy_published>\s*<domain>)[^<]+/, '$1BÜCHER.example')
      .replace(/<header_from>[^<]+/, '<header_from>b\u200bücher.example'),
  )
  const part = (type: string, text: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`
  writeFileSync(
    path('failure.eml'),
    `From: r@mx.example\r\nSubject: x\r\nContent-Type: multipart/report; boundary=b\r\n\r\n${part('text/plain', 'x')}${part(
      'message/feedback-report',
      'Feedback-Type: auth-failure\r\nAuth-Failure: dmarc\r\nSource-IP: mail.example.net\r\n',
    )}${part('text/rfc822-headers', 'From: a@example.com\r\n')}--b--\r\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

async function parse(files: string[], options: ParseOptions = {}) {
  let text = ''
  const sentences: string[] = []
  const good = await parseFiles(files, options, {
    write: async (piece) => {
      text += piece
    },
    complain: (sentence) => sentences.push(sentence),
  })
  const lines = text.split('\n')
  expect(lines.pop()).toBe('')
  return { good, sentences, objects: lines.map((it) => JSON.parse(it)) }
}

describe('ruadar parse', () => {
  test('prints one object per report with all of its records', async () => {
    const { good, sentences, objects } = await parse([path('report.xml'), path('report.eml')])
    expect(good).toBe(true)
    expect(sentences).toEqual([])
    expect(objects.map((it) => [it.file, it.part, it.outcome])).toEqual([
      [path('report.xml'), 'xml', 'report'],
      [path('report.eml'), 'eml:1>gz>xml', 'report'],
    ])
    for (const object of objects) {
      expect(object).toMatchObject({
        kind: 'aggregate',
        orgName: 'large.example',
        policy: { domain: 'example.com', p: 'reject' },
        warnings: [],
      })
      expect(object.records).toHaveLength(1200)
      expect(object.totals.records).toBe(1200)
      expect(Object.keys(object.records[0])).toEqual(
        expect.arrayContaining([
          'sourceIp',
          'count',
          'disposition',
          'dkim',
          'spf',
          'headerFrom',
          'envelopeFrom',
          'envelopeTo',
          'reasons',
          'auth',
          'recomputed',
        ]),
      )
    }
  })

  test('leaves the records out with --totals', async () => {
    const { objects } = await parse([path('report.xml')], { totals: true })
    expect(objects[0].records).toBeUndefined()
    expect(objects[0].totals.records).toBe(1200)
  })

  test('goes on after a file that can not be used, and says so on both streams', async () => {
    const { good, sentences, objects } = await parse([path('cut.gz'), path('missing.xml'), folder, path('report.xml')], { totals: true })
    expect(good).toBe(false)
    expect(objects.map((it) => [it.outcome, it.reason?.code])).toEqual([
      ['rejected', 'truncated'],
      ['rejected', 'unreadable'],
      ['rejected', 'unreadable'],
      ['report', undefined],
    ])
    expect(sentences).toEqual([
      `${path('cut.gz')} (gz): The compressed data ends too early.`,
      `${path('missing.xml')}: The file can not be read (ENOENT).`,
      `${folder}: The file can not be read (EISDIR).`,
    ])
  })

  test('does not take a mail without a report for a failure', async () => {
    const { good, objects } = await parse([path('letter.eml')])
    expect(good).toBe(true)
    expect(objects).toEqual([
      { file: path('letter.eml'), part: 'eml', outcome: 'ignored', reason: { code: 'not_a_report', message: 'The mail holds no report.' } },
    ])
  })

  test('shows what stood in place of an address', async () => {
    const { objects } = await parse([path('odd.xml')])
    expect(objects[0].records[0].sourceIp).toBe('mail.example.net')
    expect(objects[0].warnings).toMatchObject([{ code: 'invalid_address', path: 'record[0]/row/source_ip' }])
  })

  test('shows domains as they were reported, however they look', async () => {
    const { objects } = await parse([path('unicode.xml')])
    expect(objects[0]).toMatchObject({ policy: { domain: 'bücher.example' }, records: [{ headerFrom: 'b\u200bücher.example' }] })
    expect(objects[0].policy).not.toHaveProperty('domainText')
  })

  test('prints a failure report on one line, with what stood in place of an address', async () => {
    const { good, objects } = await parse([path('failure.eml')])
    expect(good).toBe(true)
    expect(objects).toHaveLength(1)
    expect(objects[0]).toMatchObject({
      file: path('failure.eml'),
      part: 'eml:1>arf',
      outcome: 'report',
      kind: 'failure',
      feedbackType: 'auth-failure',
      sourceIp: 'mail.example.net',
      originalRcptTo: [],
      deliveryResult: null,
      incidents: 1,
      dkim: { domain: null, selector: null, identity: null },
      original: { from: 'a@example.com', subject: null, messageId: null, headers: [{ name: 'From', value: 'a@example.com' }] },
    })
  })

  test('takes limits by name, and no others', async () => {
    const { objects } = await parse([path('report.xml')], { limit: { records: 10 } })
    expect(objects[0]).toMatchObject({ outcome: 'rejected', reason: { code: 'limit', limit: { name: 'records', value: 10 } } })
    const command = parseCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
    for (const limit of ['speed=1', '__proto__=1', 'records=many', 'records']) {
      expect(() => command.parse(['node', 'parse', 'x', '--limit', limit])).toThrow(/limit/i)
    }
  })
})
