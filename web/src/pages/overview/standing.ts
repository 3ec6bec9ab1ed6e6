import type { DomainItem, DomainSummary, SourceItem } from '@ruadar/contract'

/**
 * Where a domain stands on the owner's way: reports come in, sources get fixed, the policy gets stricter.
 * Data only; the sentences are the catalogue's.
 */
export type Standing =
  | { code: 'no_mail' }
  | { code: 'one_domain'; domain: string; policy: string | null; messages: number; pass: number }
  | { code: 'many_domains'; domains: number; enforcing: number; messages: number; pass: number }

export type NextStep =
  | { code: 'fix_source'; source: SourceItem; enforced: boolean }
  | { code: 'look_at_domain'; domain: DomainItem }
  | { code: 'tighten'; domain: string; to: 'quarantine' | 'reject'; failing: number }
  | { code: 'roll_out'; domain: string; pct: number | null }
  | { code: 'publish'; domain: string }
  | { code: 'watch' }

/** With this share of aligned mail a stricter policy costs little; below it, sources come first. */
const READY_SHARE = 0.98

const isEnforcing = (policy: string | null | undefined): boolean => policy === 'quarantine' || policy === 'reject'
const isReady = (domain: DomainItem): boolean => domain.messages > 0 && domain.dmarcPass / domain.messages >= READY_SHARE

/** What is known of the domains together: of thousands only those that matter are looked at. */
export interface Domains {
  /** With mail, and of these with a policy that is enforced. */
  counts: DomainSummary
  messages: number
  pass: number
  /** With the most messages, and with the most failing ones. */
  largest: DomainItem | undefined
  worst: DomainItem | undefined
}

export function standingOf({ counts, messages, pass, largest }: Domains): Standing {
  if (!largest || largest.messages === 0) return { code: 'no_mail' }
  if (counts.domains > 1) return { code: 'many_domains', domains: counts.domains, enforcing: counts.enforcing, messages, pass }
  return { code: 'one_domain', domain: largest.domain, policy: largest.policy?.p ?? null, messages, pass }
}

/**
 * The one thing to do next, or null without mail.
 *
 * @param failing sources with failing mail, largest first
 */
export function nextStepOf({ counts, largest, worst }: Domains, failing: readonly SourceItem[]): NextStep | null {
  if (!largest || largest.messages === 0) return null
  if (counts.domains > 1) return worst && worst.dmarcFail > 0 ? { code: 'look_at_domain', domain: worst } : { code: 'watch' }
  return nextStepOfDomain(largest, failing[0])
}

function nextStepOfDomain(domain: DomainItem, largest: SourceItem | undefined): NextStep {
  const { policy } = domain
  const p = policy?.p ?? null
  if (!isReady(domain) && largest) return { code: 'fix_source', source: largest, enforced: isEnforcing(p) }
  if (p === null) return { code: 'publish', domain: domain.domain }
  if (!isEnforcing(p)) return { code: 'tighten', domain: domain.domain, to: 'quarantine', failing: domain.dmarcFail }
  // pct was dropped by RFC 9989, which has t=y for a policy on trial; receivers report either.
  if ((policy?.pct ?? 100) < 100 || policy?.testing === 'y') return { code: 'roll_out', domain: domain.domain, pct: policy?.pct ?? null }
  if (p === 'quarantine') return { code: 'tighten', domain: domain.domain, to: 'reject', failing: domain.dmarcFail }
  return largest ? { code: 'fix_source', source: largest, enforced: true } : { code: 'watch' }
}
