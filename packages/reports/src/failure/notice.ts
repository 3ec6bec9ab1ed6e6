import { type FieldBlock, type RawField, readFields, trimmed } from './fields.ts'

/**
 * Failure reports in words, without a feedback part (report-formats.md 3.5): Exim with cPanel, antispamcloud and Baruwa write labelled
 * lines and put the headers of the message below. Forwarders quote them.
 */
const opening = /message claiming to be from you has failed the published DMARC policy/i

// The labels, and the field of RFC 5965 that says the same.
const labels: ReadonlyMap<string, string> = new Map([
  ['sender domain', 'Reported-Domain'],
  ['sender ip address', 'Source-IP'],
  ['received date', 'Arrival-Date'],
])

// The labelled lines are a few hundred bytes.
const NOTICE_BYTES = 16 * 1024

/** Whether the start of a text says that it is such a notice. */
export function isFailureNotice(head: Uint8Array): boolean {
  return opening.test(latin1(head, NOTICE_BYTES).replaceAll(/[\r\n>]+[ \t]*/g, ' '))
}

export interface FailureNotice {
  fields: RawField[]
  /** The headers of the message, and the message from there on; null when there are none. */
  sample: FieldBlock | null
  message: Uint8Array | null
}

/** Reads a notice. It has no fields when the lines have other labels than those known. */
export function readNotice(notice: Uint8Array, maxSampleBytes: number): FailureNotice {
  const bytes = unquoted(notice)
  const fields: RawField[] = []
  let at = 0
  let below = false
  let sampleStart: number | null = null
  for (const line of latin1(bytes, NOTICE_BYTES).split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const [, label = '', value = ''] = /^[ \t>]*([a-z][a-z ]{1,40}?)[ \t]*:[ \t]*(.*)/i.exec(line) ?? []
    const name = labels.get(label.toLowerCase())
    if (below ? anyField.test(line) : fields.length > 0 && firstFields.test(line)) sampleStart = at
    // "------ This is a copy of the headers …", over one or two lines.
    else if (/^[ >]*-{3,}.*\bcopy\b/i.test(line.slice(0, 200))) below = true
    else if (name !== undefined && fields.every((it) => it.name !== name)) fields.push({ name, value: trimmed(value), lines: line })
    if (sampleStart !== null) break
    at += line.length
  }
  const message = sampleStart === null ? null : bytes.subarray(sampleStart)
  const sample = message === null ? null : readFields(message, maxSampleBytes)
  return sample !== null && sample.fields.length > 0 ? { fields, sample, message } : { fields, sample: null, message: null }
}

const anyField = /^[!-9;-~]{1,76}[ \t]*:/
// What the headers of a message begin with, where no line stands above them.
const firstFields = /^(?:received|return-path|from|delivered-to|x-[\w-]+|dkim-signature):/i

/** Mailing lists and people quote a notice when they pass it on, the headers in it as well. */
function unquoted(bytes: Uint8Array): Uint8Array {
  const quoted = /^[ \t]*>[^\r\n]{0,200}claiming to be from you/im.test(latin1(bytes, NOTICE_BYTES))
  return quoted ? Buffer.from(latin1(bytes, bytes.byteLength).replaceAll(/^(?:>[ \t]?)+/gm, ''), 'latin1') : bytes
}

function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, length)).toString('latin1')
}
