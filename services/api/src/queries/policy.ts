import type { Static } from 'typebox'
import type { PublishedPolicy } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import type { RawBuilder } from 'kysely'

export type Policy = Static<typeof PublishedPolicy>

/** What a report says of the published record; anything that it left out is null. */
export function toPolicy(stored: Partial<Policy>): Policy {
  const { p, sp, np, adkim, aspf, pct, fo, testing, discoveryMethod } = stored
  return {
    p: p ?? null,
    sp: sp ?? null,
    np: np ?? null,
    adkim: adkim ?? null,
    aspf: aspf ?? null,
    pct: pct ?? null,
    fo: fo ?? null,
    testing: testing ?? null,
    discoveryMethod: discoveryMethod ?? null,
  }
}

/** A scalar subquery: the policy in the newest report of a domain, by the index reports_by_domain. */
export function latestPolicy(domainId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select r.policy from reports r
    where r.domain_id = ${domainId} and r.state = 'counted' order by r.day desc, r.id desc limit 1)`
}
