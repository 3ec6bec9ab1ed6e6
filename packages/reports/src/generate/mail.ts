import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { writeZip } from './zip-file.ts'

/** The ways in which reporters are known to pack a report into a mail (report-formats.md 5.1 and 5.2). */
export const wrappings = [
  'gzip',
  'zip',
  'xml',
  'xml-quoted-printable',
  'whole-gzip',
  'whole-zip',
  'whole-xml',
  'octet-stream',
  'text-plain-gzip',
  'zip-named-gz',
  'inline',
  'alternative',
  'no-type',
  'double-gzip',
  'zip-of-gzip',
  'forwarded',
  'attached-mail',
  'mixed-with-banner',
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
}

/** Writes the mail that brings a report, in one of the known wrappings. */
export function writeReportMail(xml: string | Uint8Array, options: MailOptions): Buffer {
  const bytes = Buffer.from(xml)
  const { wrapping = 'gzip' } = options
  if (wrapping === 'forwarded' || wrapping === 'attached-mail') {
    const inner = writeReportMail(bytes, { ...options, wrapping: 'gzip' })
    const type = wrapping === 'forwarded' ? 'message/rfc822' : 'application/octet-stream; name="report.eml"'
    const encoded = wrapping === 'forwarded' ? part(type, '8bit', inner.toString('latin1')) : part(type, 'base64', base64(inner))
    return mail(options, 'mixed', [part('text/plain', '7bit', 'FYI'), encoded])
  }
  const name = `${options.reporter}!${options.policyDomain}!${options.begin}!${options.end}`
  const { type, extension, content, encoding = 'base64' } = packed(bytes, wrapping, `${name}.xml`)
  const body =
    encoding === 'base64' ? base64(content) : encoding === 'quoted-printable' ? quotedPrintable(content) : content.toString('latin1')
  const disposition = `Content-Disposition: ${wrapping === 'inline' ? 'inline' : 'attachment'}; filename="${name}.${extension}"`
  if (wrapping.startsWith('whole-')) {
    return message(
      options,
      `Content-Type: ${type}; name="${name}.${extension}"\r\nContent-Transfer-Encoding: ${encoding}\r\n${disposition}`,
      body,
    )
  }
  const report =
    wrapping === 'no-type'
      ? `ContentType: application/gzip\r\nContent-Transfer-Encoding: base64\r\n${disposition}\r\n\r\n${body}`
      : part(`${type}; name="${name}.${extension}"`, encoding, body, disposition)
  const text = part('text/plain; charset=utf-8', '7bit', `This is an aggregate report from ${options.reporter}.`)
  const banner = part('text/html; charset=utf-8', '7bit', '<html><body><p>External mail: be careful.</p></body></html>')
  if (wrapping === 'alternative') return mail(options, 'alternative', [text, banner, report])
  return mail(options, 'mixed', wrapping === 'mixed-with-banner' ? [banner, text, report, banner] : [text, report])
}

interface Packed {
  type: string
  extension: string
  content: Buffer
  encoding?: 'base64' | 'quoted-printable' | '8bit'
}

function packed(xml: Buffer, wrapping: Wrapping, member: string): Packed {
  switch (wrapping) {
    case 'zip':
    case 'whole-zip':
      return { type: 'application/zip', extension: 'zip', content: writeZip([{ name: member, bytes: xml }]) }
    case 'zip-named-gz':
      return { type: 'application/gzip', extension: 'xml.gz', content: writeZip([{ name: member, bytes: xml }]) }
    case 'zip-of-gzip':
      return { type: 'application/x-zip-compressed', extension: 'zip', content: writeZip([{ name: `${member}.gz`, bytes: gzipSync(xml) }]) }
    case 'xml':
    case 'whole-xml':
      return { type: 'text/xml', extension: 'xml', content: xml }
    case 'xml-quoted-printable':
      return { type: 'TEXT/XML; charset=utf-8', extension: 'xml', content: xml, encoding: 'quoted-printable' }
    case 'octet-stream':
      return { type: 'application/octet-stream', extension: 'xml.gz', content: gzipSync(xml) }
    case 'text-plain-gzip':
      return { type: 'text/plain; charset=utf-8', extension: 'txt', content: gzipSync(xml) }
    case 'double-gzip':
      return { type: 'application/x-gzip', extension: 'xml.gz.gz', content: gzipSync(gzipSync(xml)) }
    default:
      return { type: 'application/gzip', extension: 'xml.gz', content: gzipSync(xml) }
  }
}

const BOUNDARY = 'report-boundary'

function mail(options: MailOptions, subtype: string, parts: readonly string[]): Buffer {
  // A forwarded mail has the same boundary inside unless the outer one differs.
  const boundary = `${BOUNDARY}-${options.wrapping ?? 'gzip'}`
  const body = parts.map((it) => `--${boundary}\r\n${it}\r\n`).join('')
  return message(options, `Content-Type: multipart/${subtype}; boundary="${boundary}"`, `${body}--${boundary}--\r\n`)
}

function message(options: MailOptions, contentHeaders: string, body: string): Buffer {
  const { reporter, policyDomain, reportId, end, sentAt = end, to = `dmarc@${policyDomain}` } = options
  const headers = [
    `From: Reports of ${reporter} <noreply-dmarc@${reporter}>`,
    `To: <${to}>`,
    `Subject: Report Domain: ${policyDomain} Submitter: ${reporter} Report-ID: <${reportId}>`,
    `Date: ${new Date(sentAt * 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${reportId.replaceAll(/[^\w.-]/g, '-')}.${options.begin}@${reporter}>`,
    'MIME-Version: 1.0',
    contentHeaders,
  ]
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}`, 'latin1')
}

function part(type: string, encoding: string, body: string, disposition?: string): string {
  const headers = [`Content-Type: ${type}`, `Content-Transfer-Encoding: ${encoding}`, ...(disposition ? [disposition] : [])]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')
}

function quotedPrintable(bytes: Buffer): string {
  const encoded = bytes
    .toString('latin1')
    .replaceAll(/[^\n\r\t !-<>-~]/g, hexByte)
    .replaceAll(/[\t ](?=\r?\n|$)/g, hexByte)
  return encoded
    .split(/\r?\n/)
    .map((line) => line.replaceAll(/(?:=[0-9A-F]{2}|[^=]){1,72}(?=.)/g, '$&=\r\n'))
    .join('\r\n')
}

const hexByte = (char: string) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
