import type { FoundFailure } from '../failure/read-failure.ts'
import type { Reason, ReasonCode } from '../report.ts'
import type { ByteSource } from '../source.ts'
import { peek } from './chunk-reader.ts'
import type { Leaf, MailHeader } from './mail.ts'
import type { Format } from './sniff.ts'

/** One thing found in an input: a document to be read, or why something in it is none. `part` is its address. */
export type Finding = FoundDocument | FoundFailure | { type: 'rejected' | 'ignored'; part: string; reason: Reason }

export interface FoundDocument {
  type: 'document'
  format: 'xml' | 'json'
  part: string
  source: ByteSource
  senderDomain: string | null
  /** What the mail says an SMTP TLS report is about, in its header or else in the file name. Hostile text. */
  tlsReportDomain: string | null
  /** Charset that the mail declares, where the document is no UTF-8 and may not say so itself (RFC 7303 3.2). Null otherwise. */
  charset: string | null
  warnings: () => readonly string[]
}

/** Where the walk is. */
export interface Place {
  steps: readonly string[]
  layers: number
  mails: number
  senderDomain: string | null
  tlsReportDomain: string | null
  charset: string | null
  /** Warnings of each wrapping around it; they come while its content is being read. */
  notes: readonly Notes[]
}

export type Notes = Set<string>

// What a thing is that is neither a report nor anything that reports are packed in.
const refusals: Partial<Record<Format, readonly [ReasonCode, string]>> = {
  xml: ['not_a_report', 'It is XML, but no report.'],
  json: ['unknown_format', 'It is JSON, but no report.'],
  empty: ['empty', 'There is nothing in it.'],
  empty_zip: ['no_report_in_archive', 'The archive is empty.'],
  foreign_archive: ['unsupported_archive', 'It is an archive of a kind that is not read.'],
  mail_container: ['unsupported_archive', 'It is an Outlook message file (.msg or winmail.dat), which is not read.'],
  html: ['not_a_report', 'It is an HTML page, not a report.'],
}

/** Why something of this format is not read. */
export function refusal(format: Format, place: Place): Finding {
  const [code, message] = refusals[format] ?? ['unknown_format', 'It is no report, and nothing that reports are packed in.']
  return { type: 'rejected', part: address(place, format), reason: { code, message } }
}

/** Of two things that were no report the one that an operator has to know of; a mail inside that is a mere letter is not. */
export function moreTelling(first: Finding | null, second: Finding | null): Finding | null {
  if (second === null || (second.type === 'ignored' && second.reason.code === 'not_a_report')) return first
  return first === null || (first.type === 'ignored' && second.type === 'rejected') ? second : first
}

// Yahoo and AOL sent gzips of this word in place of a report in 2023 (row 21).
const placeholderText = /^\s*unused\s*$/i

export async function isPlaceholder(content: ByteSource): Promise<boolean> {
  return placeholderText.test(Buffer.from(await peek(content.open(), 20)).toString('latin1'))
}

export function placeholder(part: string): Finding {
  const message = "The attachment holds the word 'unused' in place of a report; there is nothing to read."
  return { type: 'ignored', part, reason: { code: 'placeholder', message } }
}

export function noReport(part: string): Finding {
  return { type: 'rejected', part, reason: { code: 'no_report_in_archive', message: 'There is no report in the archive.' } }
}

/** True for what may lie beside a report without being wrong. */
export function isBystander(finding: Finding): boolean {
  if (finding.type === 'document' || finding.type === 'failure') return false
  const { code } = finding.reason
  return code === 'unknown_format' || code === 'empty' || code === 'not_a_report'
}

/** A format that may hold a report but as well something else, a text document in .doc for one: worth a word only when no report was found. */
export function isUnreadableAttachment(finding: Finding): boolean {
  return finding.type === 'rejected' && (finding.reason.code === 'unsupported_archive' || finding.reason.code === 'no_report_in_archive')
}

export function foundDocument(format: 'xml' | 'json', source: ByteSource, place: Place): FoundDocument {
  const { senderDomain, tlsReportDomain, charset } = place
  const warnings = () => place.notes.flatMap((it) => [...it])
  return { type: 'document', format, part: address(place, format), source, senderDomain, tlsReportDomain, charset, warnings }
}

export function foundFailure(
  form: FoundFailure['form'],
  content: Uint8Array,
  sample: Uint8Array | null,
  header: MailHeader | null,
  place: Place,
): FoundFailure {
  const warnings = () => place.notes.flatMap((it) => [...it])
  return { type: 'failure', form, part: address(place, form === 'arf' ? 'feedback_report' : 'text'), content, sample, header, warnings }
}

// The names of RFC 7489 7.2.1.1 and RFC 8460 5.1, and the types that reporters give their reports.
const reportName = /^[^!]{1,255}![^!]{1,255}!\d+!\d+/
const packedTypes = /^application\/(?:(?:x-)?gzip|zip|x-zip-compressed|tlsrpt\+(?:gzip|json))$/

/** Whether a part says that it is a report: when it can not be read, the mail is no mere letter. */
export function claimsToBeReport({ fileName, type }: Leaf): boolean {
  return packedTypes.test(type) || reportName.test(fileName ?? '')
}

const sealedTypes = /^application\/(?:pgp-encrypted|(?:x-)?pkcs7-mime)$/

/** What an encrypted mail is: nobody but the owner of the key knows whether there is a report in it. Null for all other parts. */
export function sealed({ type }: Leaf, place: Place): Finding | null {
  if (!sealedTypes.test(type)) return null
  const message = 'The mail is encrypted or sealed (S/MIME, PGP), which is not read.'
  return { type: 'rejected', part: address(place, null), reason: { code: 'unsupported_archive', message } }
}

/** `sender!policy-domain!begin!end.json.gz` (RFC 8460 5.1). */
export function policyDomainOf(fileName: string | null): string | null {
  const [, domain, begin, end] = fileName?.split('!', 5) ?? []
  return domain && begin && end ? domain : null
}

const formatSteps: Partial<Record<Format, string>> = {
  gzip: 'gz',
  mail: 'eml',
  feedback_report: 'arf',
  empty_zip: 'zip',
  foreign_archive: 'archive',
  mail_container: 'msg',
}

export function address(place: Place, format: Format | null): string {
  return [...place.steps, ...(format === null ? [] : [formatSteps[format] ?? format])].join('>')
}
