export { catalogue, knownSenderOf } from './catalogue/catalogue.ts'
export type { KnownSender, RecordTemplate, SenderAlignment } from './catalogue/types.ts'
export { catalogueVersion } from './catalogue/version.ts'
export { createIdentifier, type Identify } from './identify/identifier.ts'
export { hintOfName, isGenericHost } from './identify/names.ts'
export { faultyConditions, type SenderRule, type SenderRuleMatch } from './identify/rules.ts'
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
export { type Proposal, type ProposalReason, propose, type Standing } from './propose.ts'
export { type Repair, type RepairRecord, type RepairStep, recordsOf, repair, type StepCode, type StepFacts } from './repair.ts'
export { type ReportedDay, type Task, taskOf } from './task.ts'
