import type { DomainItem, SourceItem } from '@ruadar/contract'

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

export function standingOf(domains: readonly DomainItem[]): Standing {
  const withMail = domains.filter((domain) => domain.messages > 0)
  const [only, second] = withMail
  if (!only) return { code: 'no_mail' }
  if (!second)
    return { code: 'one_domain', domain: only.domain, policy: only.policy?.p ?? null, messages: only.messages, pass: only.dmarcPass }
  return {
    code: 'many_domains',
    domains: withMail.length,
    enforcing: withMail.filter((domain) => isEnforcing(domain.policy?.p)).length,
    messages: sumOf(withMail, 'messages'),
    pass: sumOf(withMail, 'dmarcPass'),
  }
}

/**
 * The one thing to do next, or null without mail.
 *
 * @param failing sources with failing mail, largest first
 */
export function nextStepOf(domains: readonly DomainItem[], failing: readonly SourceItem[]): NextStep | null {
  const withMail = domains.filter((domain) => domain.messages > 0)
  const [only, second] = withMail
  if (!only) return null
  if (second) {
    const [worst] = withMail.filter((domain) => domain.dmarcFail > 0).toSorted((a, b) => b.dmarcFail - a.dmarcFail)
    return worst ? { code: 'look_at_domain', domain: worst } : { code: 'watch' }
  }
  return nextStepOfDomain(only, failing[0])
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

const sumOf = (domains: readonly DomainItem[], part: 'messages' | 'dmarcPass'): number =>
  domains.reduce((sum, domain) => sum + domain[part], 0)
