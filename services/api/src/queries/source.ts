import type { SourceDetail, SourceIdentity } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type StoredAuth, toAuthResults } from './auth-results.ts'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { factsOf, type Question } from './filter.ts'
import { latestPolicy } from './policy.ts'
import { findReasons } from './reasons.ts'
import { sumDays } from './timeline.ts'
import { identitiesOf } from './sums-by-way.ts'

const mostIdentities = 50
const mostReasons = 50
/** Reporters and domains of one source: the largest. */
const mostNames = 100

/** All about one source in the period; zeros and empty lists for one that nobody reported. Throws 400 `bad_period` beyond 800 days. */
export async function askSource(db: Db, question: Question & { source: string }): Promise<SourceDetail> {
  const [sums, days, identities, reporters, domains, reasons] = await Promise.all([
    sumSource(db, question),
    sumDays(db, question),
    listIdentities(db, question),
    countNames(db, question, 'reporter'),
    countNames(db, question, 'domain'),
    findReasons(db, question, [question.source], mostReasons),
  ])
  return {
    source: sums.source,
    ...question.period,
    ...toCounts(sums),
    dispositions: toDispositions(sums),
    firstDay: sums.firstDay,
    lastDay: sums.lastDay,
    reasons: reasons.get(sums.source) ?? [],
    identities,
    reporters: reporters.map((row) => ({ reporter: row.name, ...toCounts(row) })),
    domains: domains.map((row) => ({ domain: row.name, ...toCounts(row) })),
    days,
  }
}

interface SumRow extends CountRow, DispositionRow {
  source: string
  firstDay: string | null
  lastDay: string | null
}

async function sumSource(db: Db, question: Question & { source: string }): Promise<SumRow> {
  const facts = factsOf(question)
  const { rows } = await sql<SumRow>`
    select
      host(${question.source}::inet) as source, ${countColumns}, ${dispositionColumns},
      min(f.day) as "firstDay", max(f.day) as "lastDay"
    from ${facts.table} f where ${facts.where}`.execute(db)
  return rows[0] as SumRow
}

export async function countNames(db: Db, question: Question, kind: 'reporter' | 'domain'): Promise<(CountRow & { name: string })[]> {
  const [table, column] = kind === 'reporter' ? [sql`reporters`, sql`f.reporter_id`] : [sql`domains`, sql`f.domain_id`]
  const facts = factsOf(question, kind)
  const { rows } = await sql<CountRow & { name: string }>`
    select n.name, ${countColumns}
    from ${facts.table} f join ${table} n on n.id = ${column}
    where ${facts.where}
    group by n.name order by total(f.messages) desc, n.name
    limit ${mostNames}`.execute(db)
  return rows
}

type IdentityRow = Omit<SourceIdentity, 'authDkim' | 'authSpf'> & {
  auth: StoredAuth
  policy: { adkim: string | null; aspf: string | null } | null
}

/** The ways in which the question's mail authenticated, largest first. */
export async function listIdentities(db: Db, question: Question, most = mostIdentities): Promise<SourceIdentity[]> {
  const { rows } = await sql<IdentityRow>`
    with
      ways as (
        select w.domain_id, w.author_domain_id, w.auth_set_id, w.dkim, w.spf, w.disposition, total(w.messages) as messages
        from ${identitiesOf(question)} w
        group by w.domain_id, w.author_domain_id, w.auth_set_id, w.dkim, w.spf, w.disposition
        order by messages desc, w.auth_set_id, w.author_domain_id, w.domain_id, w.disposition
        limit ${most}
      )
    select
      d.name as domain, a.name as "headerFrom", s.envelope_from as "envelopeFrom", w.dkim, w.spf, w.disposition, w.messages,
      jsonb_build_object('dkim', s.dkim, 'spf', s.spf) as auth, ${latestPolicy(sql`w.domain_id`)} as policy
    from ways w
      join domains d on d.id = w.domain_id
      join author_domains a on a.id = w.author_domain_id
      join auth_sets s on s.id = w.auth_set_id
    order by w.messages desc`.execute(db)
  return rows.map(({ auth, policy, ...row }) => ({ ...row, ...toAuthResults(auth, row.headerFrom, policy) }))
}
