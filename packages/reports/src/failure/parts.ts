import type { Leaf } from '../unpack/mail.ts'
import { SNIFF_BYTES, sniff } from '../unpack/sniff.ts'
import { textOfHtml } from './html-text.ts'
import { isFailureNotice } from './notice.ts'

/** Which leaves of a mail make up one failure report. */
export interface FailureParts {
  /** The leaf with the fields, or with a notice in words. */
  index: number
  form: 'arf' | 'notice'
  sample: Leaf | null
  /** Leaves that show the message, which are not looked into: it was not sent to us. */
  shown: readonly number[]
}

const sampleTypes = /^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822(?:-headers)?)$/

/** Finds the failure reports among the leaves of a mail, in their order. */
export function failureParts(leaves: readonly Leaf[]): FailureParts[] {
  const formats = leaves.map((leaf) => sniff(leaf.bytes.subarray(0, SNIFF_BYTES)))
  // A message that is shown may itself begin like a report.
  const isFeedback = (leaf: Leaf, index: number) =>
    leaf.type === 'message/feedback-report' || (formats[index] === 'feedback_report' && !sampleTypes.test(leaf.type))
  const saysSo = (format: 'text' | 'html') => (leaf: Leaf, index: number) =>
    formats[index] === format && isFailureNotice(format === 'html' ? textOfHtml(leaf.bytes) : leaf.bytes)
  // Beside a text in HTML stands the same in plain text, as a rule.
  const isNotice = saysSo(leaves.some(saysSo('text')) ? 'text' : 'html')
  // A report proper has a text for people beside it, which says the same in words.
  const form = leaves.some(isFeedback) ? 'arf' : 'notice'
  const starts = leaves.flatMap((leaf, index) => ((form === 'arf' ? isFeedback : isNotice)(leaf, index) ? [index] : []))
  const taken = new Set<number>()
  return starts.map((index, nth) => {
    const inGroup = (from: number, to: number) =>
      leaves.flatMap((leaf, at) => {
        const shows = leaf.parent === leaves[index]?.parent && (sampleTypes.test(leaf.type) || formats[at] === 'mail')
        return at >= from && at < to && shows && !taken.has(at) ? [at] : []
      })
    const after = inGroup(index + 1, starts[nth + 1] ?? leaves.length)
    // Order is free in practice: a sample before the fields is theirs when none follows.
    const shown = after.length > 0 ? after : inGroup((starts[nth - 1] ?? -1) + 1, index)
    for (const at of shown) taken.add(at)
    const best = shown.find((at) => sampleTypes.test(leaves[at]?.type ?? '')) ?? shown[0]
    return { index, form, sample: best === undefined ? null : (leaves[best] ?? null), shown }
  })
}
