import { Buffer } from 'node:buffer'

/** What bytes are, told by the bytes alone: declared types and file names are wrong too often (rows 2, 3, 14). */
export type Format =
  | 'empty'
  | 'gzip'
  | 'zip'
  | 'empty_zip'
  | 'zlib'
  | 'xml'
  | 'html'
  | 'json'
  | 'mail'
  | 'feedback_report'
  | 'text'
  | 'foreign_archive'
  | 'mail_container'
  | 'binary'

/** Bytes that `sniff` wants to see. Mail headers of some gateways begin with a kilobyte of Received lines. */
export const SNIFF_BYTES = 8 * 1024

/** Tells the format by the first bytes, in the order of row 14. */
export function sniff(head: Uint8Array): Format {
  if (head.length === 0) return 'empty'
  if (startsWith(head, '1f8b')) return 'gzip'
  if (startsWith(head, '504b0304')) return 'zip'
  if (startsWith(head, '504b0506')) return 'empty_zip'
  const text = textOf(head)
  if (text !== null) {
    const byText = sniffText(text)
    if (byText !== 'text') return byText
  }
  if (/^(?:7801|789c|78da|785e)/.test(hex(head, 2))) return 'zlib'
  if (foreignArchives.some((it) => startsWith(head, it)) || isTar(head)) return 'foreign_archive'
  if (mailContainers.some((it) => startsWith(head, it))) return 'mail_container'
  return text === null ? 'binary' : 'text'
}

// 7z, rar, xz, bzip2, zstd (row 18)
const foreignArchives = ['377abcaf271c', '526172211a07', 'fd377a585a00', '425a68', '28b52ffd']
// Outlook's .msg and winmail.dat (row 9)
const mailContainers = ['d0cf11e0', '789f3e22']

function sniffText(text: string): Format {
  const start = text.trimStart()
  if (start === '') return 'text'
  if (/^<(?:!doctype\s+html|(?:html|head|body|meta|div|p|span|table|br|font|style|center|a|b)[\s>/])/i.test(start)) return 'html'
  if (start.startsWith('<')) return 'xml'
  if (start.startsWith('{') || start.startsWith('[')) return 'json'
  const mail = sniffHeaderBlock(start)
  if (mail !== null) return mail
  // A line of dashes or the like before the document (row 24); a report that stands far down in a text is none.
  if (/^[^<]{0,200}<(?:\?xml\s|(?:[\w.-]{1,40}:)?feedback[\s>])/.test(start)) return 'xml'
  return /^[^{]{0,200}\{\s*"(?:organization-name|date-range|contact-info|report-id|policies)"\s*:/.test(start) ? 'json' : 'text'
}

const mailFields =
  /^(?:received|from|to|subject|date|message-id|mime-version|content-type|return-path|delivered-to|x-[\w-]+|dkim-signature|authentication-results|arc-[\w-]+|reply-to|sender)$/i

/** Reads the lines up to the first empty one: a mail has at least two known fields there, a feedback part its own. */
function sniffHeaderBlock(text: string): 'mail' | 'feedback_report' | null {
  let known = 0
  let first = true
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') break
    if (/^[ \t]/.test(line) || (first && /^>?From /.test(line))) {
      first = false
      continue
    }
    first = false
    const name = /^([!-9;-~]{1,76})[ \t]*:/.exec(line)?.[1]
    if (name === undefined) return known >= 3 ? 'mail' : null
    if (/^(?:feedback-type|auth-failure)$/i.test(name) && known === 0) return 'feedback_report'
    if (mailFields.test(name)) known++
    // Order in a feedback part is free; these two come before its type as a rule.
    else if (!/^(?:user-agent|version)$/i.test(name) && known === 0 && !/^[\w-]+$/.test(name)) return null
  }
  return known >= 2 ? 'mail' : null
}

// `<`, `{` and `[`: what a document in UTF-16 without a byte order mark begins with.
const openers = [0x3c, 0x7b, 0x5b]

const LOOKED_AT = 512

/** The bytes as text for looking at: null when they are no text of any kind. */
function textOf(head: Uint8Array): string | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const [first = 0, second = 0] = head
  if (startsWith(head, 'fffe') || (openers.includes(first) && second === 0)) return bytes.toString('utf16le').replace(/^\ufeff/, '')
  if (startsWith(head, 'feff') || (first === 0 && openers.includes(second))) {
    const swapped = Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
    return swapped.toString('utf16le').replace(/^\ufeff/, '')
  }
  // Zero bytes and most control characters occur in no text, also not in one with a wrong charset.
  // Below the header of a mail may stand a part in binary or 8bit.
  const headerEnd = /\n\r?\n/.exec(bytes.toString('latin1', 0, LOOKED_AT))?.index ?? LOOKED_AT
  let controls = 0
  for (const byte of bytes.subarray(0, headerEnd)) if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12) controls++
  return controls > 2 ? null : bytes.toString('utf8').replace(/^\ufeff/, '')
}

/** Whether the start of an XML document says that it is a report. */
export function mentionsFeedback(head: Uint8Array): boolean {
  return textOf(head)?.includes('feedback') ?? false
}

/** Whether the start of a JSON document says that it is an SMTP TLS report. */
export function mentionsTlsReport(head: Uint8Array): boolean {
  return /"(?:organization-name|policies|report-id|date-range)"\s*:/.test(textOf(head) ?? '')
}

function isTar(head: Uint8Array): boolean {
  return startsWith(head.subarray(257), '7573746172')
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
  return hex(bytes, signature.length / 2) === signature
}

function hex(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.subarray(0, length)).toString('hex')
}
