import type { FailureReason } from '@ruadar/contract'
import type { Parts } from './parts.ts'

/** What a reason sentence can mention. */
export interface ReasonHoles<T> {
  /** The domain that was used, or null when the report names none. */
  domain: T | null
  /** The Author Domain. */
  from: T
  /** Raw result of the mechanism. */
  result: T | null
}

type ReasonSentence = <T>(holes: ReasonHoles<T>) => Parts<T>
export interface ReasonSentences {
  dkim: Record<'not_signed' | 'signed_by_other_domain' | 'signature_failed' | 'strict_alignment' | 'dns_error', ReasonSentence>
  spf: Record<'passes_for_other_domain' | 'not_permitted' | 'no_record' | 'strict_alignment' | 'dns_error' | 'not_reported', ReasonSentence>
}

/** The sentence of a reason. A code that this page does not know yet (an older page, a newer server) is shown as it is. */
export function reasonParts<T>(
  sentences: ReasonSentences,
  reason: Pick<FailureReason, 'mechanism' | 'code'>,
  holes: ReasonHoles<T>,
): Parts<T> {
  const known: Partial<Record<string, ReasonSentence>> = sentences[reason.mechanism]
  const sentence = Object.hasOwn(known, reason.code) ? known[reason.code] : undefined
  if (!sentence) return holes.domain === null ? [reason.code] : [`${reason.code}: `, holes.domain]
  return sentence(holes)
}
