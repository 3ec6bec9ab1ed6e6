export type { GroupKind, HostFacts, Identity, IdentityEvidence, SenderKind, ServiceKind, Way } from './types.ts'
export { serviceKinds } from './types.ts'
export { diagnose } from './diagnose.ts'
export {
  type DiagnoseInput,
  type Diagnosis,
  type DiagnosisCode,
  diagnosisCodes,
  type DiagnosisFacts,
  type DomainPolicy,
  hintBits,
  isRepairable,
  type ReportedWay,
  type SenderState,
  senderStates,
} from './diagnosis.ts'
