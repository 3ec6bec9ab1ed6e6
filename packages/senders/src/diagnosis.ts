import type { AlignmentPolicy, DkimEvidence, DkimReasonCode, Policy, SpfEvidence, SpfReasonCode, Verdict } from '@ruadar/dmarc'
import type { KnownSender } from './catalogue/types.ts'
import type { SenderKind } from './types.ts'

/** Causes of failing mail, those nearest to a repair first: of two that explain equally many messages the first is given. */
export const diagnosisCodes = [
  'strict_alignment',
  'key_missing_or_revoked',
  'spf_permerror',
  'signed_by_service',
  'spf_not_listed',
  'not_signed',
  'spf_foreign_bounce',
  'subdomain_policy',
  'null_sender_helo',
  'signature_breaks',
  'spf_temperror',
  'key_temperror',
  'forwarded',
  'spoofed',
  'reporter_contradicts',
] as const
export type DiagnosisCode = (typeof diagnosisCodes)[number]

/** Causes that nobody can repair at this domain: they never become tasks. */
const beyondRepair: ReadonlySet<string> = new Set<DiagnosisCode>(['forwarded', 'spoofed', 'reporter_contradicts'])
export const isRepairable = (code: string): boolean => !beyondRepair.has(code)

/** What a sender is to a domain. */
export const senderStates = ['own', 'approved', 'forwarder', 'unknown', 'rejected'] as const
export type SenderState = (typeof senderStates)[number]

/** What reporters' overrides say of a way, as `ways.hints` adds them up. */
export const hintBits = { mailingList: 1, forwarded: 2, arc: 4 } as const

/** Messages of a sender that came in one way, with what the reporters made of it. */
export interface ReportedWay {
  /** Author Domain. */
  headerFrom: string
  /** MAIL FROM domain; empty: null sender; null: not reported. */
  envelopeFrom: string | null
  dkim: readonly (DkimEvidence & { humanResult?: string | null })[]
  spf: readonly SpfEvidence[]
  /** Aligned results as reported. */
  verdicts: { dkim: Verdict; spf: Verdict }
  hints: number
  messages: number
  reporters: readonly string[]
  /** Addresses that it came from; those that reporters left out are not among them. */
  sources: readonly string[]
}

/** The published policy as the newest report shows it. */
export interface DomainPolicy extends AlignmentPolicy {
  p?: Policy | null
  sp?: Policy | null
  np?: Policy | null
}

export interface DiagnoseInput {
  /** Policy Domain. */
  domain: string
  policy: DomainPolicy
  sender: { key: string; name: string; kind: SenderKind; service: KnownSender | null }
  state: SenderState
  ways: readonly ReportedWay[]
}

/** What the sentences and the repair are made of; what a code does not need is absent. All values come from reports: plain text. */
export interface DiagnosisFacts {
  /** Policy Domain. */
  domain: string
  /** Author Domain of the largest way that fails so. */
  from: string
  /** Name of the sender. */
  sender: string
  state: SenderState
  /** Why DKIM and SPF did not align, both kept whichever the code is about; absent: aligned. */
  dkimReason?: DkimReasonCode
  spfReason?: SpfReasonCode
  /** `d=` and selector of the signature that the reason is about, and its raw result. */
  signer?: string
  selector?: string
  dkimResult?: string
  /** Domain that SPF was checked for, and the raw result. */
  bounce?: string
  spfResult?: string
  /** The mechanism that a strict or contradicted verdict is about. */
  mechanism?: 'dkim' | 'spf'
  /** Addresses that are not permitted, at most 20, and how many more there are. */
  addresses?: string[]
  moreAddresses?: number
  /** Reporters for which this fails, and those that see a signature of the same domain pass. */
  failingReporters: number
  passingReporters?: number
  /** Names of failing reporters, at most 3. */
  reporters: string[]
  /** For mail of a subdomain: the tag that governs it, its policy, and that of names that do not exist, which reports can't tell apart. */
  policyTag?: 'p' | 'sp'
  policy?: Policy
  np?: Policy
  /** What a reporter's verdict was that its own results contradict. */
  reported?: 'pass' | 'fail'
  /** What the override said. */
  hint?: 'mailing_list' | 'forwarded' | 'arc'
}

export interface Diagnosis {
  code: DiagnosisCode
  facts: DiagnosisFacts
  /** Messages that it explains, and their share of the sender's failing ones (0 to 1). */
  messages: number
  share: number
  /** The largest ways that it explains, at most 3. */
  evidence: ReportedWay[]
}
