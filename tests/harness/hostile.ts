import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { writeReportMail, writeZip } from '@ruadar/reports/generate'

const MiB = 1024 * 1024

/** Mails that are written to hurt whoever opens them, by what they do. Each is small on its way. */
export function hostileMails(): Record<string, Buffer> {
  const dashes = Buffer.concat([Buffer.from('<feedback><!--'), Buffer.alloc(64 * MiB, '-')])
  return {
    'gzip bomb': mailWith(gzipSync(dashes)),
    'zip bomb': mailWith(writeZip([{ name: 'a.xml', bytes: dashes }])),
    'zip entry of 2 GiB': mailWith(writeZip([{ name: 'a.xml', bytes: Buffer.alloc(0), deflated: twoGibibytes() }])),
    '100,000 nested elements': mailWith(gzipSync(`<feedback>${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}</feedback>`)),
    '5,000 parts': mailOfParts(5000),
    'entities that grow': mailWith(
      gzipSync('<!DOCTYPE f [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><feedback>&b;</feedback>'),
    ),
  }
}

function mailWith(attachment: Buffer): Buffer {
  const options = { reporter: 'mx.example', policyDomain: 'example.com', reportId: 'hostile', begin: 1_767_225_600, end: 1_767_311_999 }
  return writeReportMail(attachment, { ...options, wrapping: 'octet-stream' })
}

/** Blocks of deflate that end at a full flush may be put one after the other, so that 2 GiB need not be packed to be written. */
function twoGibibytes(): { data: Buffer; size: number } {
  const block = deflateRawSync(Buffer.alloc(16 * MiB, '-'), { finishFlush: constants.Z_FULL_FLUSH })
  const start = deflateRawSync('<feedback><!--', { finishFlush: constants.Z_FULL_FLUSH })
  return { data: Buffer.concat([start, ...Array.from({ length: 128 }, () => block), deflateRawSync('')]), size: 2 ** 31 }
}

function mailOfParts(count: number): Buffer {
  const part = '--b\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n'
  return Buffer.from(
    `From: a@example.com\r\nSubject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(count)}--b--\r\n`,
  )
}
