import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeReportMail } from '../generate/mail.ts'
import { writeZip } from '../generate/zip-file.ts'
import { sniff } from './sniff.ts'

const tar = Buffer.alloc(512)
tar.write('report.xml')
tar.write('ustar', 257)
const mail = writeReportMail('<feedback/>', { reporter: 'mx.example', policyDomain: 'example.com', reportId: '1', begin: 1, end: 2 })

test.each([
  ['gzip', gzipSync('x')],
  ['zip', writeZip([{ name: 'a', bytes: Buffer.from('x') }])],
  ['empty_zip', writeZip([])],
  ['zlib', Buffer.from([0x78, 0x9c, 0x4b, 0x04, 0, 0, 0, 1, 2, 3])],
  ['xml', '<?xml version="1.0"?><feedback/>'],
  ['xml', '\ufeff\r\n  <feedback>'],
  ['xml', '-----\n<?xml version="1.0"?>'],
  ['xml', 'scanned by a gateway\n<d:feedback>'],
  ['xml', Buffer.from('\ufeff<feedback/>', 'utf16le')],
  ['html', '<!DOCTYPE html><html>'],
  ['html', '\n<HTML>'],
  ['json', ' {"organization-name": "x"}'],
  ['json', '[1]'],
  ['mail', mail],
  ['mail', 'From someone@example.com Mon Jan  1 00:00:00 2024\nFrom: a@example.com\nSubject: x\n\nbody'],
  ['feedback_report', 'Feedback-Type: auth-failure\r\nUser-Agent: x/1\r\nVersion: 1\r\n'],
  ['feedback_report', 'User-Agent: x/1\nVersion: 1\nFeedback-Type: abuse\n'],
  ['foreign_archive', Buffer.from('377abcaf271c0004', 'hex')],
  ['foreign_archive', Buffer.from('526172211a0700', 'hex')],
  ['foreign_archive', tar],
  ['mail_container', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
  ['mail_container', Buffer.from('789f3e22', 'hex')],
  ['text', 'Dear colleague,\n\nplease see: the attached report.\n'],
  ['text', 'Note: nothing to see\n'],
  ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3])],
  ['empty', ''],
])('%s', (format, bytes) => {
  expect(sniff(Buffer.from(bytes))).toBe(format)
})

test('answers for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
      expect(sniff(bytes)).toMatch(/^[a-z_]+$/)
    }),
    { numRuns: 100, seed: 1 },
  )
})
