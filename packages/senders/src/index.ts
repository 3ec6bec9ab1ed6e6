export type { GroupKind, HostFacts, Identity, IdentityEvidence, SenderKind, ServiceKind, Way } from './types.ts'
export { serviceKinds } from './types.ts'
