import type { FailureReason } from '@ruadar/contract'
import { explain } from '@ruadar/dmarc'
import { type Db, sql } from '@ruadar/platform'
import type { Static } from 'typebox'
import { alignmentMode, type StoredAuth } from './auth-results.ts'
import { countedWhere, dmarcFail, domainId } from './filter.ts'
import type { Question } from './question.ts'
import { latestPolicy } from './policy.ts'
import { wayOf } from './spans.ts'
import { waysOf } from './sums-by-way.ts'

export type Reason = Static<typeof FailureReason>

/** Ways of failing that are looked at for each source, by messages: forged mail can have thousands, the first ones tell. */
const waysPerSource = 50
/** A source that came in more ways than this serves many domains: for all of them together it has no few reasons, and is left out. */
const sharedWays = 500

/** Messages of one source that failed in one way. */
export interface Failure extends StoredAuth {
  source: string
  headerFrom: string
  envelopeFrom: string | null
  adkim: string | null
  aspf: string | null
  messages: number
}

/**
 * Why the failing messages of these sources did not align, largest reason first, at most `most` for each source.
 * Judged by the policy that the domain's newest report shows.
 */
export async function findReasons(db: Db, question: Question, sources: readonly string[], most: number): Promise<Map<string, Reason[]>> {
  if (sources.length === 0) return new Map()
  const { rows } = await sql<Failure>`
    with
      asked as (
        select source_ip from unnest(${sources}::inet[]) as asked (source_ip)
        where ${question.domain !== undefined} or
          (select count(*) from (select from ways w where w.source_ip = asked.source_ip limit ${sharedWays + 1}) few) <= ${sharedWays}
      ),
      failures as (
        select
          w.source_ip, f.domain_id, w.author_domain_id, w.auth_set_id, total(f.messages) as messages,
          row_number() over (partition by w.source_ip order by total(f.messages) desc, w.auth_set_id, w.author_domain_id) as place
        from ${failingWays(question, sources)}
        group by w.source_ip, f.domain_id, w.author_domain_id, w.auth_set_id
      ),
      policies as (
        select domain_id, ${latestPolicy(sql`d.domain_id`)} as policy from (select distinct domain_id from failures where place <= ${waysPerSource}) d
      )
    select
      host(w.source_ip) as source, a.name as "headerFrom", s.envelope_from as "envelopeFrom", s.dkim, s.spf,
      p.policy->>'adkim' as adkim, p.policy->>'aspf' as aspf, w.messages
    from failures w
      join author_domains a on a.id = w.author_domain_id
      join auth_sets s on s.id = w.auth_set_id
      join policies p on p.domain_id = w.domain_id
    where w.place <= ${waysPerSource}
    order by w.messages desc`.execute(db)
  return mergeReasons(rows, most)
}

/** What failed by way, as `f` and `w`: of the sources of a domain its sums; else what the sources asked about have sent. */
function failingWays(question: Question, sources: readonly string[]) {
  const { domain, reporter, source } = question
  if (domain === undefined || reporter !== undefined || source !== undefined)
    return sql`asked join ways w on w.source_ip = asked.source_ip join counted_records f on f.way_id = w.id
      where ${countedWhere(question)} and ${dmarcFail}`
  return sql`
    (select ${domainId(domain)} as domain_id, f.way_id, f.messages
      from ${waysOf(question)} f where f.source_ip = any(${sources}::inet[]) and ${dmarcFail}) f
      cross join lateral ${wayOf(sql`f.way_id`)} w`
}

/** Explains each failure and adds up those that have the same explanation. */
export function mergeReasons(failures: readonly Failure[], most: number): Map<string, Reason[]> {
  const bySource = new Map<string, Map<string, Reason>>()
  for (const failure of failures) {
    const merged = bySource.get(failure.source) ?? new Map<string, Reason>()
    bySource.set(failure.source, merged)
    for (const reason of explainFailure(failure)) {
      const key = JSON.stringify([reason.mechanism, reason.code, reason.domain, reason.result, reason.headerFrom])
      const same = merged.get(key)
      if (same) same.messages += reason.messages
      else merged.set(key, reason)
    }
  }
  return new Map([...bySource].map(([source, merged]) => [source, largest([...merged.values()], most)]))
}

function explainFailure(failure: Failure): Reason[] {
  const { headerFrom, envelopeFrom, dkim, spf, messages } = failure
  const policy = { adkim: alignmentMode(failure.adkim), aspf: alignmentMode(failure.aspf) }
  const explanation = explain({ headerFrom, envelopeFrom, policy, dkim, spf })
  return (['dkim', 'spf'] as const).flatMap((mechanism) => {
    const reason = explanation[mechanism]
    return reason ? [{ mechanism, code: reason.code, domain: reason.domain, result: reason.result, headerFrom, messages }] : []
  })
}

function largest(reasons: Reason[], most: number): Reason[] {
  return reasons.sort((a, b) => b.messages - a.messages).slice(0, most)
}
