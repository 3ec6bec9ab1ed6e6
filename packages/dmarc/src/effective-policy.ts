import type { Policy } from './evidence.ts'

export interface PolicyTags {
  /** Policy Domain: where the record was found. */
  domain: string
  p: Policy | null
  sp?: Policy | null
  np?: Policy | null
  /** `y` lowers the policy by one step (RFC 9989). */
  testing?: 'y' | 'n' | null
}

const oneStepDown: Record<Policy, Policy> = { reject: 'quarantine', quarantine: 'none', none: 'none', unknown: 'unknown' }

/**
 * The policy that failing mail of an Author Domain meets (report-formats.md 2.3). `exists` false says that the name was
 * NXDOMAIN, so that `np` applies; a report never tells, so the default is true. Null when the record gives none.
 * A `pct` below 100 lowers it for a share of the messages only and is left to the caller.
 */
export function effectivePolicy(headerFrom: string, policy: PolicyTags, exists = true): Policy | null {
  const subdomain = headerFrom !== policy.domain
  const stated = !subdomain ? policy.p : ((exists ? null : policy.np) ?? policy.sp ?? policy.p)
  return stated !== null && policy.testing === 'y' ? oneStepDown[stated] : stated
}
