import type { DiagnosisCode, DiagnosisFacts } from '../diagnosis.ts'
import type { ProposalReason } from '../propose.ts'
import type { StepCode, StepFacts } from '../repair.ts'

/** A sentence with holes: text, and what fills the holes (plain text in mails, elements on a page). */
export type Parts<T> = (string | T)[]

/** What fills a hole: what comes from reports is foreign text, whatever shows it. */
export interface Holes<T> {
  /** A domain, a sender or an address. */
  name(text: string): T
  /** What stands in the DNS: a record, a tag, a term. */
  code(text: string): T
}

type Sentence<Facts> = <T>(facts: Facts, holes: Holes<T>) => Parts<T>

/** What one language says of causes, repairs, and the reasons why a sender is taken for what it is proposed as. */
export interface SenderWords {
  /** For lists: a few words. */
  titles: Record<DiagnosisCode, string>
  causes: Record<DiagnosisCode, Sentence<DiagnosisFacts>>
  steps: Record<StepCode, Sentence<StepFacts>>
  reasons: Record<ProposalReason['code'], Sentence<Record<string, number>>>
}

export const keyName = ({ selector, signer, from }: DiagnosisFacts): string => `${selector ?? '…'}._domainkey.${signer ?? from}`
