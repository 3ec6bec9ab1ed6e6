export { type AlignmentMode, type Discovery, isAligned, isAlignedUnder } from './alignment.ts'
export { effectivePolicy, type PolicyTags } from './effective-policy.ts'
export {
  type AlignmentPolicy,
  checkedDomain,
  type DkimEvidence,
  isMailFromCheck,
  type Policy,
  type SpfEvidence,
  type Verdict,
} from './evidence.ts'
export {
  type DkimReason,
  type DkimReasonCode,
  type ExplainInput,
  type Explanation,
  explain,
  type ReasonCode,
  type SpfReason,
  type SpfReasonCode,
} from './explain.ts'
export { organizationalDomain } from './organizational-domain.ts'
export { type RecordEvidence, recompute, type Verdicts } from './recompute.ts'
export { type DkimKey, parseDkimKey } from './published/dkim-key.ts'
export { type DmarcRecord, parseDmarcRecord } from './published/dmarc-record.ts'
export { costsLookUp, parseSpfRecord, type SpfMechanism, type SpfRecord } from './published/spf-record.ts'
