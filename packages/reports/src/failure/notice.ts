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
  /** The headers of the message, and where they begin in the text; null when there are none. */
  sample: FieldBlock | null
  sampleStart: number
  /** End of the labelled lines. */
  end: number
}

/** Reads a notice. It has no fields when the lines have other labels than those known. */
export function readNotice(bytes: Uint8Array, maxSampleBytes: number): FailureNotice {
  const text = latin1(bytes, NOTICE_BYTES)
  const fields: RawField[] = []
  let at = 0
  let sampleStart: number | null = null
  for (const line of text.split(/(?<=\r\n|\n|\r(?!\n))/)) {
    const [, label = '', value = ''] = /^[ \t>]*([a-z][a-z ]{1,40}?)[ \t]*:[ \t]*(.*)/i.exec(line) ?? []
    const name = labels.get(label.toLowerCase())
    if (name !== undefined && fields.every((it) => it.name !== name)) fields.push({ name, value: trimmed(value), lines: line })
    // "------ This is a copy of the headers …", or at once a header.
    else if (/^[ >]*-{3,}.*\bcopy\b/i.test(line.slice(0, 200))) sampleStart = at + line.length
    else if (
      sampleStart === null &&
      fields.length > 0 &&
      /^(?:received|return-path|from|delivered-to|x-[\w-]+|dkim-signature):/i.test(line)
    )
      sampleStart = at
    at += line.length
    if (sampleStart !== null) break
  }
  const sample = sampleStart === null ? null : readFields(bytes.subarray(sampleStart), maxSampleBytes)
  return { fields, sample: sample && sample.fields.length > 0 ? sample : null, sampleStart: sampleStart ?? bytes.length, end: at }
}

function latin1(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, length)).toString('latin1')
}
