import { createHash } from 'node:crypto'
import { ValueReader } from '../aggregate/values.ts'
import { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import type { MailHeader } from '../unpack/mail.ts'
import { FieldReader } from './field-reader.ts'
import { type FieldBlock, type RawField, readFields } from './fields.ts'
import { textOfHtml } from './html-text.ts'
import { readNotice } from './notice.ts'
import { writeReducedMail } from './reduced-mail.ts'
import { readBody, readSample } from './sample.ts'
import { timeOf } from './time.ts'
import type { FailureReport } from './types.ts'
import { SNIFF_BYTES, sniff } from '../unpack/sniff.ts'

/** A failure report as the walk through an input found it. */
export interface FoundFailure {
  type: 'failure'
  part: string
  form: 'arf' | 'notice'
  content: Uint8Array
  /** The message that it is about, or its headers. */
  sample: Uint8Array | null
  /** Header of the mail that it stands in, null for a bare file. */
  header: MailHeader | null
  warnings: () => readonly string[]
}

export interface FailureOptions {
  limits: Limits
  /** Whether the start of the body is kept. */
  sampleBodies: boolean
}

// A copy of the body (RFC 6591 3.2.4) is no less other people's mail than the sample, and is never kept.
const bodyField = /^dkim-canonicalized-body$/i

const knownFields =
  /^(?:feedback-type|user-agent|version|auth-failure|authentication-results|reported-domain|identity-alignment|delivery-result|source-ip|arrival-date|received-date|original-mail-from|original-rcpt-to|dkim-domain|incidents)$/i

// Those that no message has.
const ownFields =
  /^(?:feedback-type|auth-failure|reported-domain|identity-alignment|delivery-result|source-ip|arrival-date|original-mail-from)$/i

/**
 * Reads one failure report (RFC 5965, 6591, 9991), or a notice in words. `reduced` is the mail without the body of the sample, null for
 * a bare file. Throws a ReportError when nothing in it says what it is about.
 */
export async function readFailure(
  found: FoundFailure,
  { limits, sampleBodies }: FailureOptions,
): Promise<{ report: FailureReport; reduced: Uint8Array | null }> {
  const log = new WarningLog(limits)
  for (const code of found.warnings()) log.add(code, '')
  const { fields, cut, sample, message } = found.form === 'notice' ? openNotice(found, limits) : openFeedback(found, limits)
  if (!fields.some((it) => knownFields.test(it.name))) {
    throw new ReportError({ code: 'no_feedback_fields', message: 'It is a failure report, but none of its fields can be read.' })
  }
  if (found.form === 'notice') log.add('report_in_words', '')
  if (cut) log.add('list_cut', '')
  const kept = fields.filter((it) => !bodyField.test(it.name))
  const shown = sample === null ? null : keptOfSample(sample.fields, limits)
  const seen = sample?.fields.length ?? 0
  if (sample?.cut || seen > limits.sampleHeaders || seen > (shown?.length ?? 0)) log.add('list_cut', 'original')
  const original = readSample(shown ?? [], limits, log)
  if (sampleBodies && message !== null) original.body = await readBody(message, limits, log)
  const contentHash = hashOf(kept, shown ?? [])
  const report: FailureReport = {
    kind: 'failure',
    ...readReport(kept, limits, log),
    ...(found.form === 'notice' ? { authFailure: 'dmarc' } : {}),
    original,
    reporter: found.header?.senderDomain ?? '',
    contentHash,
    warnings: log.list(),
  }
  return { report, reduced: found.header === null ? null : reduce(found, found.header, kept, shown, contentHash) }
}

/**
 * The fields that are kept of a message: the first ones, and those that name it, which a flood of others must not hide. They fit into the
 * limit as they are written anew, so that the reduced mail is read to the same end.
 */
function keptOfSample(fields: readonly RawField[], limits: Limits): RawField[] {
  const names = ['from', 'subject', 'message-id']
  const naming = names.map((name) => fields.findIndex((it) => it.name.toLowerCase() === name))
  let bytes = 0
  return fields.filter((field, index) => {
    if (index >= limits.sampleHeaders && !naming.includes(index)) return false
    bytes += linesOfField(field).length
    return bytes <= limits.sampleHeaderBytes
  })
}

interface Opened {
  fields: RawField[]
  cut: boolean
  sample: FieldBlock | null
  /** The whole message, when the reporter sent it. */
  message: Uint8Array | null
}

function openFeedback({ content, sample }: FoundFailure, limits: Limits): Opened {
  const block = readFields(content, content.length)
  const rest = content.subarray(block.end)
  // Some put the message into the same part, below the fields; others an empty line between the fields.
  const more = readFields(rest, rest.length)
  const goesOn = more.fields.some((it) => ownFields.test(it.name))
  if (goesOn) block.fields.push(...more.fields)
  const message = sample ?? (rest.length === 0 || goesOn ? null : rest)
  const shown = message === null ? null : readFields(message, limits.sampleHeaderBytes)
  // A bare word REDACTED has no fields (Return Path).
  return shown && shown.fields.length > 0 ? { ...block, sample: shown, message } : { ...block, sample: null, message: null }
}

function openNotice({ content, sample }: FoundFailure, limits: Limits): Opened {
  const words = sniff(content.subarray(0, SNIFF_BYTES)) === 'html' ? textOfHtml(content) : content
  const notice = readNotice(words, limits.sampleHeaderBytes)
  if (notice.sample !== null || sample === null) return { ...notice, cut: false }
  return { ...notice, cut: false, sample: readFields(sample, limits.sampleHeaderBytes), message: sample }
}

type Reported = Omit<FailureReport, 'kind' | 'original' | 'reporter' | 'contentHash' | 'warnings'>

function readReport(fields: readonly RawField[], limits: Limits, log: WarningLog): Reported {
  const reader = new FieldReader(fields, limits, log)
  const values = new ValueReader(limits, log)
  const domain = reader.one('Reported-Domain') ?? ''
  const reportedDomain = values.domain(domain, 'Reported-Domain')
  const reportedDomainText = values.unicodeDomain(domain, 'Reported-Domain')
  const source = reader.one('Source-IP')
  // OpenDMARC and others append a host name; some write an address literal of SMTP.
  const sourceIp = values.address((source?.split(/[\s(;,]/)[0] ?? '').replace(/^(\[?)IPv6:/i, '$1'))
  if (source !== null && sourceIp === null) log.add('invalid_address', 'Source-IP', source)
  const arrival = reader.one('Arrival-Date') ?? reader.one('Received-Date')
  const arrivalDate = timeOf(arrival ?? '')
  if (arrivalDate === null) log.add(arrival === null ? 'missing' : 'invalid_date', 'Arrival-Date', arrival)
  const feedbackType = reader.word('Feedback-Type')
  if (feedbackType === null) log.add('missing', 'Feedback-Type')
  if (domain === '') log.add('missing', 'Reported-Domain')
  const authFailure = reader.word('Auth-Failure')
  if (authFailure === null && feedbackType === 'auth-failure') log.add('missing', 'Auth-Failure')
  const incidents = values.integer(reader.one('Incidents') ?? '1')
  if (incidents === null || incidents < 1 || incidents > MAX_INCIDENTS) log.add('invalid_count', 'Incidents', reader.one('Incidents'))
  return {
    feedbackType,
    authFailure,
    reportedDomain,
    ...(reportedDomainText === null ? {} : { reportedDomainText }),
    sourceIp,
    sourceText: sourceIp === null ? source : null,
    arrivalDate,
    originalMailFrom: reader.address('Original-Mail-From')[0] ?? null,
    originalRcptTo: reader.address('Original-Rcpt-To').filter((it) => it !== ''),
    deliveryResult: reader.word('Delivery-Result'),
    identityAlignment: reader.words('Identity-Alignment'),
    userAgent: reader.one('User-Agent'),
    incidents: incidents === null || incidents < 1 || incidents > MAX_INCIDENTS ? 1 : incidents,
    authenticationResults: reader.all('Authentication-Results'),
    dkim: {
      domain: values.domain(reader.first('DKIM-Domain') ?? '', 'DKIM-Domain'),
      selector: reader.first('DKIM-Selector'),
      identity: reader.one('DKIM-Identity'),
    },
    spfDns: reader.all('SPF-DNS'),
  }
}

// The database counts them in 32 bits; one report that stands for more has no meaning either.
const MAX_INCIDENTS = 2_147_483_647

/** Order and folding may differ between two copies of one report; fields and values may not. */
function hashOf(fields: readonly RawField[], sample: readonly RawField[]): string {
  const hash = createHash('sha256')
  for (const block of [fields, sample]) {
    for (const { name, value } of block) hash.update(`${name.toLowerCase()}:${value.replaceAll(/\s+/g, ' ')}\n`, 'latin1')
    hash.update('\n')
  }
  return hash.digest('hex')
}

function reduce(
  found: FoundFailure,
  header: MailHeader,
  fields: readonly RawField[],
  sample: readonly RawField[] | null,
  hash: string,
): Uint8Array {
  const outer = readFields(header.bytes, header.bytes.length).fields.map((it) => ({ name: it.name, lines: linesOfField(it) }))
  const linesOf = (block: readonly RawField[]) => block.map(linesOfField).join('')
  const shown = sample === null ? null : linesOf(sample)
  if (found.form === 'arf') return writeReducedMail(outer, { type: 'message/feedback-report', content: linesOf(fields) }, shown, hash)
  const words = `${noticeOpening}\r\n\r\n${linesOf(fields)}`
  return writeReducedMail(outer, { type: 'text/plain', content: words }, shown, hash)
}

/** A field as it came, with CRLF. A CR within a line is no line end where others have LF, and must not become one: it is unfolded then. */
function linesOfField({ name, value, lines }: RawField): string {
  const plain = lines.replace(/(?:\r\n|\n|\r)$/, '')
  return /\r(?!\n)/.test(plain) ? `${name}: ${value}\r\n` : `${plain.replaceAll(/\r?\n/g, '\r\n')}\r\n`
}

const noticeOpening = 'A message claiming to be from you has failed the published DMARC policy for your domain.'
