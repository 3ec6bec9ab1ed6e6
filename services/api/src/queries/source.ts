import type { SourceDetail, SourceIdentity } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type StoredAuth, toAuthResults } from './auth-results.ts'
import type { Question } from './question.ts'
import { latestPolicy } from './policy.ts'
import { findReasons } from './reasons.ts'
import { sumSource } from './source-sums.ts'
import { identitiesOf, waysOf } from './sums-by-way.ts'

export const mostIdentities = 50
const mostReasons = 50

/** All about one source in the period; zeros and empty lists for one that nobody reported. Throws 400 `bad_period` beyond 800 days. */
export async function askSource(db: Db, asked: Question & { source: string }): Promise<SourceDetail> {
  const question = await lookUpWays(db, asked)
  const [sums, identities, reasons] = await Promise.all([
    sumSource(db, question),
    listIdentities(db, question),
    findReasons(db, question, [question.source], mostReasons),
  ])
  return {
    ...question.period,
    ...sums,
    reasons: reasons.get(sums.source) ?? [],
    identities,
  }
}

/** A service sends from each address for a thousand domains: which of its ways are those of the domain asked about is found once. */
async function lookUpWays<Asked extends Question>(db: Db, question: Asked): Promise<Asked> {
  if (question.domain === undefined) return question
  const { reporter: _any, ...asked }: Question = question
  const { rows } = await sql<{ id: number }>`
    select distinct f.way_id as id from ${waysOf(asked)} f`.execute(db)
  return { ...question, ways: rows.map(({ id }) => id) }
}

type IdentityRow = Omit<SourceIdentity, 'authDkim' | 'authSpf'> & {
  auth: StoredAuth
  policy: { adkim: string | null; aspf: string | null } | null
}

/**
 * The ways in which the question's mail authenticated, largest first. Which domains align is said of as many as a page shows: it takes the
 * newest report of each domain.
 */
export async function listIdentities(db: Db, question: Question, most = mostIdentities): Promise<SourceIdentity[]> {
  const { rows } = await sql<IdentityRow>`
    with
      ways as (
        select w.domain_id, w.author_domain_id, w.auth_set_id, w.dkim, w.spf, w.disposition, total(w.messages) as messages,
          row_number() over (order by total(w.messages) desc, w.auth_set_id, w.author_domain_id, w.domain_id, w.disposition, w.dkim, w.spf) as place
        from ${identitiesOf(question)} w
        group by w.domain_id, w.author_domain_id, w.auth_set_id, w.dkim, w.spf, w.disposition
        order by place limit ${most}
      )
    select
      d.name as domain, a.name as "headerFrom", s.envelope_from as "envelopeFrom", w.dkim, w.spf, w.disposition, w.messages,
      jsonb_build_object('dkim', s.dkim, 'spf', s.spf) as auth,
      case when w.place <= ${mostIdentities} then ${latestPolicy(sql`w.domain_id`)} end as policy
    from ways w
      join domains d on d.id = w.domain_id
      join author_domains a on a.id = w.author_domain_id
      cross join lateral (select * from auth_sets where auth_sets.id = w.auth_set_id limit 1) s -- else the planner reads them all
    order by w.place`.execute(db)
  return rows.map(({ auth, policy, ...row }) => ({ ...row, ...toAuthResults(auth, row.headerFrom, policy) }))
}
