import { cutText } from '../aggregate/values.ts'
import type { WarningLog } from '../aggregate/warning-log.ts'
import type { Limits } from '../limits.ts'
import { ReportError } from '../report.ts'
import { openMail } from '../unpack/mail.ts'
import { decodeWords } from './encoded-words.ts'
import type { RawField } from './fields.ts'
import type { FailureReport, SampleHeader } from './types.ts'

/** Turns the bytes of a field into text: bytes that are no UTF-8 become U+FFFD, control characters go, encoded words are decoded. */
export function fieldText(field: RawField, path: string, limits: Limits, log: WarningLog): string {
  const raw = Buffer.from(cutText(field.value, 4 * limits.fieldChars), 'latin1').toString('utf8')
  const text = decodeWords(raw)
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
  if (raw.includes('\ufffd')) log.add('invalid_utf8', path)
  if (text.length <= limits.fieldChars && field.value.length <= 4 * limits.fieldChars) return text
  log.add('text_cut', path, text)
  return cutText(text, limits.fieldChars)
}

/** What a failure report says of the message: its headers in order, the first of some by name. */
export function readSample(fields: readonly RawField[], limits: Limits, log: WarningLog): FailureReport['original'] {
  const headers: SampleHeader[] = fields
    .slice(0, limits.sampleHeaders)
    .map((field) => ({ name: field.name, value: fieldText(field, `original/${field.name}`, limits, log) }))
  // A flood of other fields must not hide these.
  const first = (name: string) => {
    const field = fields.find((it) => it.name.toLowerCase() === name)
    if (field === undefined) return null
    const at = fields.indexOf(field)
    return (headers[at]?.value ?? fieldText(field, `original/${field.name}`, limits, log)) || null
  }
  return { from: first('from'), subject: first('subject'), messageId: first('message-id'), headers, body: null }
}

/** Start of the text of a message. Null when it has none, or cannot be taken apart. */
export async function readBody(message: Uint8Array, limits: Limits, log: WarningLog): Promise<string | null> {
  try {
    const { leaves } = await openMail(message, limits)
    const leaf = leaves.find((it) => it.type === 'text/plain')
    if (leaf === undefined) return null
    // Four bytes are the most that a character takes.
    const text = decode(leaf.bytes.subarray(0, 4 * limits.sampleBodyChars), leaf.charset)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    const clean = text
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
      .trim()
    if (clean.length > limits.sampleBodyChars) log.add('text_cut', 'original/body')
    return cutText(clean, limits.sampleBodyChars) || null
  } catch (error) {
    if (!(error instanceof ReportError)) throw error
    log.add('unreadable_sample', 'original/body')
    return null
  }
}

function decode(bytes: Uint8Array, charset: string | null): string {
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder('utf-8').decode(bytes) // a charset that nobody knows
  }
}
