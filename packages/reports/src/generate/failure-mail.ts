import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { type FailureContent, type FieldStyle, writeFeedback, writeSample } from './failure-report.ts'
import { type TransferEncoding, transferText } from './transfer.ts'
import { writeZip } from './zip-file.ts'

/** The ways in which receivers are known to send a failure report (report-formats.md 3.1 and 3.5), and in which people forward it. */
export const failurePackings = [
  'whole',
  'headers-only',
  'headers-by-another-name',
  'global-headers',
  'fields-base64',
  'fields-quoted-printable',
  'fields-as-text',
  'sample-base64',
  'sample-8bit',
  'sample-untyped',
  'sample-first',
  'below-the-fields',
  'without-words',
  'mixed',
  'colon-in-boundary',
  'line-feeds',
  'forwarded',
  'forwarded-twice',
  'attached-mail',
  'gzip',
  'zip',
] as const
export type FailurePacking = (typeof failurePackings)[number]

export interface FailureMailOptions {
  packing?: FailurePacking
  style?: FieldStyle
  /** Domain that the mail comes from. */
  reporter?: string
}

/** One part of a mail. */
export interface MailPart {
  type: string
  content: string | Uint8Array
  encoding?: TransferEncoding
}

/** Writes the mail that brings a failure report; `gzip` and `zip` give a mail that somebody packed. */
export function writeFailureMail(content: FailureContent, options: FailureMailOptions = {}): Buffer {
  const { packing = 'whole', style = {}, reporter = 'mx.example' } = options
  const again = (inner: FailurePacking) => writeFailureMail(content, { ...options, packing: inner })
  const words: MailPart = { type: 'text/plain; charset=utf-8', content: 'This is a report about a message that failed authentication.\r\n' }
  const wrapped = (part: MailPart) => writeMail([words, part], { type: 'multipart/mixed', reporter, boundary: `outer-${packing}` })
  switch (packing) {
    case 'line-feeds':
      return Buffer.from(again('whole').toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    case 'forwarded':
      return wrapped({ type: 'message/rfc822', content: again('whole') })
    case 'forwarded-twice':
      return wrapped({ type: 'message/rfc822', content: again('forwarded') })
    case 'attached-mail':
      return wrapped({ type: 'application/octet-stream; name="report.eml"', content: again('whole'), encoding: 'base64' })
    case 'gzip':
      return gzipSync(again('whole'))
    case 'zip':
      return writeZip([{ name: 'report.eml', bytes: again('whole') }])
    default: {
      const type = packing === 'mixed' ? 'multipart/mixed' : 'multipart/report; report-type=feedback-report'
      const boundary = packing === 'colon-in-boundary' ? 'mx.example:0A1B2C' : 'report-part'
      return writeMail(partsOf(content, packing, style, words), { type, reporter, boundary })
    }
  }
}

function partsOf(content: FailureContent, packing: FailurePacking, style: FieldStyle, words: MailPart): MailPart[] {
  const feedback = writeFeedback(content, style)
  const fields: MailPart = { type: 'message/feedback-report', content: feedback }
  const message = writeSample(content, true, style)
  const shown: MailPart = { type: 'message/rfc822', content: message }
  const headers = (type: string) => [words, fields, { type, content: writeSample(content, false, style) }]
  switch (packing) {
    case 'headers-only':
      return headers('text/rfc822-headers')
    case 'headers-by-another-name':
      return headers('message/rfc822-headers')
    case 'global-headers':
      return headers('message/global-headers')
    case 'fields-base64':
      return [words, { ...fields, encoding: 'base64' }, shown]
    case 'fields-quoted-printable':
      return [words, { ...fields, encoding: 'quoted-printable' }, shown]
    case 'fields-as-text':
      return [words, { ...fields, type: 'text/plain' }, shown]
    case 'sample-base64':
      return [words, fields, { ...shown, encoding: 'base64' }]
    case 'sample-8bit':
      return [words, fields, { ...shown, encoding: '8bit' }]
    case 'sample-untyped':
      return [words, fields, { ...shown, type: 'application/octet-stream' }]
    case 'sample-first':
      return [words, shown, fields]
    case 'below-the-fields':
      return [words, { ...fields, content: `${feedback}\r\n${message}` }]
    case 'without-words':
      return [fields, shown]
    default:
      return [words, fields, shown]
  }
}

export interface MailFrame {
  /** Content-Type of the whole; a multipart. */
  type?: string
  reporter?: string
  boundary?: string
}

/** Writes a mail with these parts. */
export function writeMail(parts: readonly MailPart[], frame: MailFrame = {}): Buffer {
  const { type = 'multipart/report; report-type=feedback-report', reporter = 'mx.example', boundary = 'report-part' } = frame
  const header = [
    `From: Reports of ${reporter} <noreply@${reporter}>`,
    'To: ruf@example.com',
    'Subject: FW: Your order',
    'Date: Thu, 01 Jan 2026 10:01:00 +0000',
    'MIME-Version: 1.0',
    `Content-Type: ${type}; boundary="${boundary}"`,
  ]
  const bodies = parts.map(({ type: partType, content, encoding }) => {
    const transfer = encoding === undefined ? '' : `Content-Transfer-Encoding: ${encoding}\r\n`
    return `--${boundary}\r\nContent-Type: ${partType}\r\n${transfer}\r\n${transferText(Buffer.from(content), encoding ?? '8bit')}\r\n`
  })
  return Buffer.from(`${header.join('\r\n')}\r\n\r\n${bodies.join('')}--${boundary}--\r\n`, 'latin1')
}
