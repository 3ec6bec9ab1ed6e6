import { type AlignmentMode, isAlignedUnder } from './alignment.ts'
import { type AlignmentPolicy, checkedDomain, type DkimEvidence, isMailFromCheck, type SpfEvidence } from './evidence.ts'

export interface ExplainInput {
  headerFrom: string | null
  policy: AlignmentPolicy
  dkim: readonly DkimEvidence[]
  spf: readonly SpfEvidence[]
  envelopeFrom: string | null
}

/** Why DKIM did not align; `domain` is the signing domain that the reason is about. */
export interface DkimReason {
  code: 'not_signed' | 'signed_by_other_domain' | 'signature_failed' | 'strict_alignment' | 'dns_error'
  domain: string | null
  selector: string | null
  result: string | null
}

/** Why SPF did not align; `domain` is the envelope domain that was checked. */
export interface SpfReason {
  code: 'passes_for_other_domain' | 'not_permitted' | 'no_record' | 'strict_alignment' | 'dns_error' | 'not_reported'
  domain: string | null
  scope: string | null
  result: string | null
}

export type DkimReasonCode = DkimReason['code']
export type SpfReasonCode = SpfReason['code']
export type ReasonCode = DkimReasonCode | SpfReasonCode

export interface Explanation {
  /** Null: aligned. */
  dkim: DkimReason | null
  spf: SpfReason | null
}

/**
 * Says for each mechanism why it did not align, as a code with the domain concerned; null where it aligned.
 * Of several reasons the one nearest to a fix is given: an aligned identifier that failed says more than a foreign one that passed.
 */
export function explain({ headerFrom, policy, dkim, spf, envelopeFrom }: ExplainInput): Explanation {
  const authorDomain = headerFrom ?? ''
  const aligns = (mode: AlignmentMode) => (domain: string) => isAlignedUnder(policy, domain, authorDomain, mode)
  return {
    dkim: explainDkim(dkim, aligns(policy.adkim ?? 'r'), aligns('r')),
    spf: explainSpf(spf, aligns(policy.aspf ?? 'r'), aligns('r'), envelopeFrom),
  }
}

type Alignment = (domain: string) => boolean

const dnsErrors: ReadonlySet<string> = new Set(['temperror', 'permerror'])

function explainDkim(signatures: readonly DkimEvidence[], isAligned: Alignment, isNearlyAligned: Alignment): DkimReason | null {
  const because = (code: DkimReasonCode, it?: DkimEvidence): DkimReason => ({
    code,
    domain: it?.domain || null,
    selector: it?.selector ?? null,
    result: it?.result ?? null,
  })
  // A signature with neither domain nor verdict is how some reporters write "unsigned" (row 40).
  const real = signatures.filter((it) => it.domain !== '' && it.result !== 'none')
  const aligned = real.filter((it) => isAligned(it.domain))
  if (aligned.some((it) => it.result === 'pass')) return null
  const nearly = real.find((it) => it.result === 'pass' && isNearlyAligned(it.domain))
  if (nearly) return because('strict_alignment', nearly)
  const failed = aligned.find((it) => !dnsErrors.has(it.result))
  if (failed) return because('signature_failed', failed)
  if (aligned[0]) return because('dns_error', aligned[0])
  const foreign = real.find((it) => it.result === 'pass')
  if (foreign) return because('signed_by_other_domain', foreign)
  // Only foreign signatures that failed: as far as the Author Domain goes nobody signed, but say whose signature was seen.
  return because('not_signed', real[0])
}

function explainSpf(
  checks: readonly SpfEvidence[],
  isAligned: Alignment,
  isNearlyAligned: Alignment,
  envelopeFrom: string | null,
): SpfReason | null {
  const because = (code: SpfReasonCode, it?: SpfEvidence): SpfReason => ({
    code,
    domain: it?.domain || null,
    scope: it?.scope ?? null,
    result: it?.result ?? null,
  })
  const usable = checks.filter((it) => isMailFromCheck(it, envelopeFrom)).map((it) => ({ ...it, domain: checkedDomain(it, envelopeFrom) }))
  const aligned = usable.filter((it) => isAligned(it.domain))
  if (aligned.some((it) => it.result === 'pass')) return null
  const nearly = usable.find((it) => it.result === 'pass' && isNearlyAligned(it.domain))
  if (nearly) return because('strict_alignment', nearly)
  const judged = aligned[0] ?? usable.find((it) => it.result === 'pass') ?? usable[0]
  if (!judged) return because('not_reported')
  if (judged.result === 'pass') return because('passes_for_other_domain', judged)
  if (judged.result === 'none') return because('no_record', judged)
  if (dnsErrors.has(judged.result)) return because('dns_error', judged)
  if (judged.result === 'unknown') return because('not_reported', judged)
  return because('not_permitted', judged)
}
