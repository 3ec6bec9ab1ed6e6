import { Buffer } from 'node:buffer'
import { deflateSync, gzipSync } from 'node:zlib'
import { type TransferEncoding, transferText } from './transfer.ts'
import { writeZip } from './zip-file.ts'

/**
 * The ways in which reporters are known to pack a document into a mail, and some that MIME allows (report-formats.md 5.1 and 5.2).
 * `plain` is the document itself.
 */
export const wrappings = [
  'gzip',
  'zip',
  'plain',
  'plain-quoted-printable',
  'plain-8bit',
  'whole-gzip',
  'whole-zip',
  'whole-plain',
  'octet-stream',
  'binary',
  'text-plain-gzip',
  'gzip-named-zip',
  'zip-named-gz',
  'plain-named-gz',
  'zlib',
  'zip-with-others',
  'inline',
  'alternative',
  'mislabelled-multipart',
  'no-type',
  'split-name',
  'double-gzip',
  'zip-of-gzip',
  'gzip-with-tail',
  'forwarded',
  'forwarded-twice',
  'attached-mail',
  'mixed-with-banner',
  'nested-multiparts',
  'line-feeds',
] as const
export type Wrapping = (typeof wrappings)[number]

export interface MailOptions {
  wrapping?: Wrapping
  /** Domain of the reporter, which the mail comes from. */
  reporter: string
  policyDomain: string
  reportId: string
  begin: number
  end: number
  to?: string
  /** UTC epoch seconds; the end of the period when absent. */
  sentAt?: number
  /** What the document is: an aggregate report unless said otherwise. */
  format?: 'xml' | 'json'
}

/** Writes the mail that brings a document, in one of the known wrappings. */
export function writeReportMail(document: string | Uint8Array, options: MailOptions): Buffer {
  const bytes = Buffer.from(document)
  const { wrapping = 'gzip' } = options
  if (wrapping === 'forwarded' || wrapping === 'attached-mail' || wrapping === 'forwarded-twice') {
    const inner = writeReportMail(bytes, { ...options, wrapping: wrapping === 'forwarded-twice' ? 'forwarded' : 'gzip' })
    const type = wrapping === 'attached-mail' ? 'application/octet-stream; name="report.eml"' : 'message/rfc822'
    return mail(options, 'mixed', [part('text/plain', '7bit', 'FYI'), part(type, wrapping === 'attached-mail' ? 'base64' : '8bit', inner)])
  }
  if (wrapping === 'line-feeds') {
    // As Maildir keeps it.
    const text = writeReportMail(bytes, { ...options, wrapping: 'gzip' }).toString('latin1')
    return Buffer.from(text.replaceAll('\r\n', '\n'), 'latin1')
  }
  return compose(packed(bytes, wrapping, options), wrapping, options)
}

function compose({ type, extension, content, encoding = 'base64' }: Packed, wrapping: Wrapping, options: MailOptions): Buffer {
  const name = `${nameOf(options)}.${extension}`
  const disposition = `Content-Disposition: ${wrapping === 'inline' ? 'inline' : 'attachment'}; filename="${name}"`
  const body = transferText(content, encoding)
  if (wrapping.startsWith('whole-')) {
    const headers = [`Content-Type: ${type}; name="${name}"`, `Content-Transfer-Encoding: ${encoding}`, disposition]
    return message(options, headers.join('\r\n'), body)
  }
  const report =
    wrapping === 'no-type'
      ? `ContentType: ${type}\r\nContent-Transfer-Encoding: base64\r\n${disposition}\r\n\r\n${body}`
      : wrapping === 'split-name'
        ? part(`${type};\r\n name*0="${name.slice(0, 20)}";\r\n name*1="${name.slice(20)}"`, encoding, content)
        : part(wrapping === 'mislabelled-multipart' ? type : `${type}; name="${name}"`, encoding, content, disposition)
  const text = part('text/plain; charset=utf-8', '7bit', `This is a report from ${options.reporter}.`)
  const banner = part('text/html; charset=utf-8', '7bit', '<html><body><p>External mail: be careful.</p></body></html>')
  if (wrapping === 'alternative') return mail(options, 'alternative', [text, banner, report])
  if (wrapping === 'mixed-with-banner') return mail(options, 'mixed', [banner, text, report, banner])
  if (wrapping === 'nested-multiparts') {
    const inner = [multipart('alternative', 'inner', [text, banner]), multipart('related', 'other', [report])]
    return mail(
      options,
      'mixed',
      inner.map((it) => `${it.header}\r\n\r\n${it.body}`),
    )
  }
  return mail(options, options.format === 'json' ? 'report; report-type="tlsrpt"' : 'mixed', [text, report])
}

interface Packed {
  type: string
  extension: string
  content: Buffer
  encoding?: TransferEncoding
}

function packed(document: Buffer, wrapping: Wrapping, options: MailOptions): Packed {
  const { format = 'xml' } = options
  const member = `${nameOf(options)}.${format}`
  const gzipType = format === 'xml' ? 'application/gzip' : 'application/tlsrpt+gzip'
  const plainType = format === 'xml' ? 'text/xml' : 'application/tlsrpt+json'
  const zip = (bytes: Uint8Array, name = member) => writeZip([{ name, bytes }])
  switch (wrapping) {
    case 'zip':
    case 'whole-zip':
      return { type: 'application/zip', extension: 'zip', content: zip(document) }
    case 'zip-named-gz':
      return { type: 'application/gzip', extension: `${format}.gz`, content: zip(document) }
    case 'gzip-named-zip':
      return { type: 'application/zip', extension: 'zip', content: gzipSync(document) }
    case 'zip-of-gzip':
      return { type: 'application/x-zip-compressed', extension: 'zip', content: zip(gzipSync(document), `${member}.gz`) }
    case 'zip-with-others': {
      const others = ['reports/', '__MACOSX/._report', 'read me.txt'].map((name) => ({
        name,
        bytes: Buffer.from(name.endsWith('/') ? '' : 'x'),
      }))
      return { type: 'application/zip', extension: 'zip', content: writeZip([...others, { name: '../report', bytes: document }]) }
    }
    case 'plain':
    case 'whole-plain':
      return { type: plainType, extension: format, content: document }
    case 'plain-8bit':
      return { type: `${plainType}; charset=utf-8`, extension: format, content: document, encoding: '8bit' }
    case 'plain-quoted-printable':
      return { type: 'TEXT/XML; charset=utf-8', extension: format, content: document, encoding: 'quoted-printable' }
    case 'plain-named-gz':
      return { type: gzipType, extension: `${format}.gz`, content: document }
    case 'binary':
      return { type: gzipType, extension: `${format}.gz`, content: gzipSync(document), encoding: 'binary' }
    case 'octet-stream':
      return { type: 'application/octet-stream', extension: `${format}.gz`, content: gzipSync(document) }
    case 'text-plain-gzip':
      return { type: 'text/plain; charset=utf-8', extension: 'txt', content: gzipSync(document) }
    case 'mislabelled-multipart':
      return { type: 'multipart/alternative', extension: `${format}.gz`, content: gzipSync(document) }
    case 'zlib':
      return { type: 'application/octet-stream', extension: format, content: deflateSync(document) }
    case 'double-gzip':
      return { type: 'application/x-gzip', extension: `${format}.gz.gz`, content: gzipSync(gzipSync(document)) }
    case 'gzip-with-tail':
      return { type: gzipType, extension: `${format}.gz`, content: Buffer.concat([gzipSync(document), Buffer.from('\r\n')]) }
    default:
      return { type: gzipType, extension: `${format}.gz`, content: gzipSync(document) }
  }
}

const nameOf = ({ reporter, policyDomain, begin, end }: MailOptions) => `${reporter}!${policyDomain}!${begin}!${end}`

function mail(options: MailOptions, subtype: string, parts: readonly string[]): Buffer {
  // A forwarded mail would have the same boundary inside unless the outer one differs.
  const { header, body } = multipart(subtype, options.wrapping ?? 'gzip', parts)
  return message(options, header, body)
}

function multipart(subtype: string, name: string, parts: readonly string[]): { header: string; body: string } {
  const boundary = `report-boundary-${name}-`
  const body = parts.map((it) => `--${boundary}\r\n${it}\r\n`).join('')
  return { header: `Content-Type: multipart/${subtype}; boundary="${boundary}"`, body: `${body}--${boundary}--\r\n` }
}

function message(options: MailOptions, contentHeaders: string, body: string): Buffer {
  const { reporter, policyDomain, reportId, end, sentAt = end, to = `dmarc@${policyDomain}`, format = 'xml' } = options
  const headers = [
    `From: Reports of ${reporter} <noreply-dmarc@${reporter}>`,
    `To: <${to}>`,
    `Subject: Report Domain: ${policyDomain} Submitter: ${reporter} Report-ID: <${reportId}>`,
    `Date: ${new Date(sentAt * 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${reportId.replaceAll(/[^\w.-]/g, '-')}.${options.begin}@${reporter}>`,
    ...(format === 'json' ? [`TLS-Report-Domain: ${policyDomain}`, `TLS-Report-Submitter: ${reporter}`] : []),
    'MIME-Version: 1.0',
    contentHeaders,
  ]
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

function part(type: string, encoding: TransferEncoding, content: Buffer | string, disposition?: string): string {
  const headers = [`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, ...(disposition ? [disposition] : [])]
  return `${headers.join('\r\n')}\r\n\r\n${transferText(Buffer.from(content), encoding)}`
}
