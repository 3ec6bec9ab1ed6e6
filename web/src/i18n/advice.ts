import type { FailureReason } from '@ruadar/contract'

type AdviceCode =
  | 'sign'
  | 'sign_as_author'
  | 'check_signature'
  | 'own_return_path'
  | 'permit_in_spf'
  | 'publish_spf'
  | 'relax'
  | 'check_dns'
export type AdviceSentences = Record<AdviceCode | 'not_yours', string>

const ADVICE: Record<string, AdviceCode> = {
  'dkim not_signed': 'sign',
  'dkim signed_by_other_domain': 'sign_as_author',
  'dkim signature_failed': 'check_signature',
  'dkim strict_alignment': 'relax',
  'dkim dns_error': 'check_dns',
  'spf passes_for_other_domain': 'own_return_path',
  'spf not_permitted': 'permit_in_spf',
  'spf no_record': 'publish_spf',
  'spf strict_alignment': 'relax',
  'spf dns_error': 'check_dns',
}

/** What to do about a source's failures: at most three sentences, the last one for mail that is not one's own. */
export function adviceFor(sentences: AdviceSentences, reasons: readonly Pick<FailureReason, 'mechanism' | 'code'>[]): string[] {
  const codes = reasons.map((reason) => ADVICE[`${reason.mechanism} ${reason.code}`]).filter((code) => code !== undefined)
  const distinct = [...new Set(codes)].slice(0, 2)
  return distinct.length === 0 ? [] : [...distinct.map((code) => sentences[code]), sentences.not_yours]
}
