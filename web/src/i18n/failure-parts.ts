import type { FailureItem } from '@ruadar/contract'
import type { Parts } from './parts.ts'

type Fault = 'dmarc' | 'spf' | 'dkim' | 'signature' | 'bodyhash' | 'revoked' | 'adsp'
type Complaint = 'abuse' | 'fraud' | 'virus' | 'not-spam' | 'other'
type Result = 'delivered' | 'spam' | 'policy' | 'reject'

export interface FailureSentences {
  subject: <T>(given: { source: T | null; domain: T | null }) => Parts<T>
  faults: Record<Fault, string>
  complaints: Record<Complaint, string>
  otherFault: <T>(given: { word: T }) => Parts<T>
  noFault: string
  results: Record<Result, string>
  otherResult: <T>(given: { word: T }) => Parts<T>
  noResult: string
}

export interface FailureHoles<T> {
  source: T | null
  domain: T | null
  /** Shows a word of the reporter's own. */
  word: (value: string) => T
}

type Said = Pick<FailureItem, 'authFailure' | 'feedbackType' | 'deliveryResult'>

/** What failed and what became of the message. Words outside the standards' lists stand in it as the reporter wrote them. */
export function failureParts<T>(sentences: FailureSentences, said: Said, { source, domain, word }: FailureHoles<T>): Parts<T> {
  return [...sentences.subject<T>({ source, domain }), ...faultParts(sentences, said, word), '. ', ...resultParts(sentences, said, word)]
}

function faultParts<T>(sentences: FailureSentences, { authFailure, feedbackType }: Said, word: (value: string) => T): Parts<T> {
  const { faults, complaints, otherFault, noFault } = sentences
  if (authFailure !== null) return wordParts(faults, authFailure, otherFault, word)
  // A complaint loop (RFC 5965) is about a message that somebody disliked, not one that failed.
  if (feedbackType !== null && feedbackType !== 'auth-failure') return wordParts(complaints, feedbackType, otherFault, word)
  return [noFault]
}

function resultParts<T>(sentences: FailureSentences, { deliveryResult }: Said, word: (value: string) => T): Parts<T> {
  // RFC 6591 3.2.2: `other` is also what redaction puts in place of the truth.
  if (deliveryResult === null || deliveryResult === 'other') return [sentences.noResult]
  return wordParts(sentences.results, deliveryResult, sentences.otherResult, word)
}

function wordParts<T>(
  texts: Record<string, string>,
  key: string,
  other: (given: { word: T }) => Parts<T>,
  word: (value: string) => T,
): Parts<T> {
  const text = Object.hasOwn(texts, key) ? texts[key] : undefined
  return text === undefined ? other({ word: word(key) }) : [text]
}
