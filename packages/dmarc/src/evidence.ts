import type { AlignmentMode, Discovery } from './alignment.ts'

export type Verdict = 'pass' | 'fail' | 'unknown'
export type Policy = 'none' | 'quarantine' | 'reject' | 'unknown'

/** One DKIM signature as a reporter saw it; `domain` is empty when none was named. */
export interface DkimEvidence {
  domain: string
  selector?: string | null
  result: string
}

/** One SPF check; `scope` null or `mfrom` stands for MAIL FROM, `helo` for the HELO name. */
export interface SpfEvidence {
  domain: string
  scope?: string | null
  result: string
}

/** What the published record says about alignment; null and absent mean relaxed. */
export interface AlignmentPolicy extends Discovery {
  adkim?: AlignmentMode | null
  aspf?: AlignmentMode | null
}

/** Whether a check speaks about the MAIL FROM identity, the only one that DMARC uses. With a null reverse-path that is the HELO name. */
export function isMailFromCheck(check: SpfEvidence, envelopeFrom: string | null): boolean {
  return check.scope !== 'helo' || envelopeFrom === null || envelopeFrom === ''
}

/** The domain that a check was about: an empty one stands for the envelope's (row 43), unless the HELO name was checked. */
export function checkedDomain(check: SpfEvidence, envelopeFrom: string | null): string {
  return check.domain === '' && check.scope !== 'helo' ? (envelopeFrom ?? '') : check.domain
}
