import type { DomainSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import type { Question } from './question.ts'
import { latestPolicy } from './policy.ts'
import { domainsOf } from './sums-by-domain.ts'

/** How many domains have messages in the period, and how many of them enforce a policy, as their newest reports show. */
export async function summariseDomains(db: Db, question: Question): Promise<DomainSummary> {
  const facts = domainsOf(question)
  const { rows } = await sql<DomainSummary>`
    select count(*) as domains, count(*) filter (where policy->>'p' in ('quarantine', 'reject')) as enforcing
    from (
      select ${latestPolicy(sql`f.domain_id`)} as policy
      from ${facts.table} f where ${facts.where}
      group by f.domain_id having total(f.messages) > 0
    ) active`.execute(db)
  return rows[0] as DomainSummary
}
