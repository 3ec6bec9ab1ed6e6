import { isAlignedUnder } from './alignment.ts'
import { type AlignmentPolicy, checkedDomain, type DkimEvidence, isMailFromCheck, type SpfEvidence, type Verdict } from './evidence.ts'

/** The parts of a record that its verdict depends on: the reported results, and the evidence for them. */
export interface RecordEvidence {
  headerFrom: string | null
  envelopeFrom: string | null
  /** Aligned results as reported. */
  dkim: Verdict
  spf: Verdict
  auth: { dkim: readonly DkimEvidence[]; spf: readonly SpfEvidence[] }
}

export interface Verdicts {
  dkim: Verdict
  spf: Verdict
  dmarc: Verdict
}

/**
 * Judges a record again from its evidence (report-formats.md 2.4). `unknown` where the evidence does not decide:
 * no Author Domain, a temporary DNS error of an aligned identifier, or a reported pass whose signatures or domains were left out.
 */
export function recompute(record: RecordEvidence, policy: AlignmentPolicy): Verdicts {
  if (!record.headerFrom) return { dkim: 'unknown', spf: 'unknown', dmarc: 'unknown' }
  const dkim = judgeDkim(record, record.headerFrom, policy)
  const spf = judgeSpf(record, record.headerFrom, policy)
  const dmarc = dkim === 'pass' || spf === 'pass' ? 'pass' : dkim === 'unknown' || spf === 'unknown' ? 'unknown' : 'fail'
  return { dkim, spf, dmarc }
}

function judgeDkim({ auth, dkim }: RecordEvidence, authorDomain: string, policy: AlignmentPolicy): Verdict {
  if (auth.dkim.length === 0) return dkim === 'pass' ? 'unknown' : 'fail'
  let verdict: Verdict = 'fail'
  for (const { domain, result } of auth.dkim) {
    if (result !== 'pass' && result !== 'temperror') continue
    if (!isAlignedUnder(policy, domain, authorDomain, policy.adkim ?? 'r')) continue
    if (result === 'pass') return 'pass'
    verdict = 'unknown'
  }
  return verdict
}

function judgeSpf({ auth, spf, envelopeFrom }: RecordEvidence, authorDomain: string, policy: AlignmentPolicy): Verdict {
  let verdict: Verdict = 'fail'
  let namesDomain = false
  for (const check of auth.spf) {
    const domain = checkedDomain(check, envelopeFrom)
    if (domain !== '') namesDomain = true
    if (!isMailFromCheck(check, envelopeFrom) || (check.result !== 'pass' && check.result !== 'temperror')) continue
    if (!isAlignedUnder(policy, domain, authorDomain, policy.aspf ?? 'r')) continue
    if (check.result === 'pass') return 'pass'
    verdict = 'unknown'
  }
  return !namesDomain && spf === 'pass' ? 'unknown' : verdict
}
