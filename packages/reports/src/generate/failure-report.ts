import { Buffer } from 'node:buffer'
import type { FailureReport, SampleHeader } from '../failure/types.ts'

/** What a failure report says, without what a reader derives from it. */
export interface FailureContent
  extends Pick<
    FailureReport,
    | 'feedbackType'
    | 'authFailure'
    | 'reportedDomain'
    | 'sourceIp'
    | 'arrivalDate'
    | 'originalMailFrom'
    | 'originalRcptTo'
    | 'deliveryResult'
    | 'identityAlignment'
    | 'userAgent'
    | 'incidents'
    | 'authenticationResults'
    | 'dkim'
    | 'spfDns'
  > {
  /** Header of the message that it is about. */
  headers: readonly SampleHeader[]
  body: string | null
}

/** How fields are written; every style means the same. */
export interface FieldStyle {
  /** Texts that are not ASCII as encoded words (RFC 2047), or as the bytes of UTF-8. */
  encodedWords?: boolean
  /** Names in lower case. */
  lowerCase?: boolean
}

/** Writes the fields of the feedback part (RFC 5965 3, RFC 6591 3.1), UTF-8, one line each; what is null is left out. */
export function writeFeedback(content: FailureContent, style: FieldStyle = {}): string {
  const { arrivalDate, originalMailFrom, dkim, incidents } = content
  const fields: [string, string | null][] = [
    ['Feedback-Type', content.feedbackType],
    ['User-Agent', content.userAgent],
    ['Version', '1'],
    ['Original-Mail-From', originalMailFrom === null ? null : `<${originalMailFrom}>`],
    ...content.originalRcptTo.map((it): [string, string] => ['Original-Rcpt-To', `<${it}>`]),
    ['Arrival-Date', arrivalDate === null ? null : new Date(arrivalDate * 1000).toUTCString().replace('GMT', '+0000')],
    ['Source-IP', content.sourceIp],
    ['Reported-Domain', content.reportedDomain],
    ['Auth-Failure', content.authFailure],
    ['Identity-Alignment', content.identityAlignment],
    ['Delivery-Result', content.deliveryResult],
    ['Incidents', incidents === 1 ? null : String(incidents)],
    ['DKIM-Domain', dkim.domain],
    ['DKIM-Selector', dkim.selector],
    ['DKIM-Identity', dkim.identity],
    ...content.authenticationResults.map((it): [string, string] => ['Authentication-Results', it]),
    ...content.spfDns.map((it): [string, string] => ['SPF-DNS', it]),
  ]
  return fields.map(([name, value]) => (value === null ? '' : fieldLines(name, value, style))).join('')
}

/** Writes the message that the report is about, or only its header. */
export function writeSample({ headers, body }: FailureContent, withBody: boolean, style: FieldStyle = {}): string {
  const header = headers.map((it) => fieldLines(it.name, it.value, style)).join('')
  return withBody && body !== null ? `${header}\r\n${body}\r\n` : header
}

function fieldLines(name: string, value: string, { encodedWords = false, lowerCase = false }: FieldStyle): string {
  const written = encodedWords && /[^ -~]/.test(value) ? encodedText(value) : folded(value, 76 - name.length)
  return `${lowerCase ? name.toLowerCase() : name}: ${written}\r\n`
}

/** Breaks lines at blanks (RFC 5322 2.2.3). */
function folded(value: string, firstLine: number): string {
  let room = firstLine
  const words = value.split(' ').map((word, index) => {
    const breaks = index > 0 && word.length + 1 > room && word !== ''
    room = (breaks ? 76 : room) - word.length - 1
    return `${index === 0 ? '' : breaks ? '\r\n ' : ' '}${word}`
  })
  return words.join('')
}

// An encoded word has at most 75 characters (RFC 2047 2), which leaves 45 bytes.
function encodedText(value: string): string {
  const bytes = Buffer.from(value)
  const words: string[] = []
  for (let at = 0; at < bytes.length; at += 45) words.push(`=?utf-8?B?${bytes.subarray(at, at + 45).toString('base64')}?=`)
  return words.join('\r\n ')
}
