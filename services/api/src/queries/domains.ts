import type { DomainItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, toCounts } from './counts.ts'
import { factsOf, type Question } from './filter.ts'
import { latestPolicy, type Policy, toPolicy } from './policy.ts'
import { countReportsBy } from './report-counts.ts'

/** Strangers can report on domains that are not the operator's; the largest are shown. */
const maxDomains = 1000

interface Row extends CountRow {
  domain: string
  reports: number
  policy: Policy | null
  lastReportAt: Date | null
}

/** Every Policy Domain that an aggregate report was about, largest first; those that no report of the period is about too, with zeros: silence is a finding. */
export async function listDomains(db: Db, question: Question): Promise<DomainItem[]> {
  const facts = factsOf(question, 'domain')
  const { rows } = await sql<Row>`
    with
      facts as (
        select f.domain_id, ${countColumns} from ${facts.table} f where ${facts.where} group by f.domain_id
      ),
      told as (
        ${countReportsBy(question, 'domain_id')}
      )
    select
      d.name as domain,
      coalesce(messages, 0) as messages, coalesce("dmarcPass", 0) as "dmarcPass",
      coalesce("dkimAligned", 0) as "dkimAligned", coalesce("spfAligned", 0) as "spfAligned",
      coalesce(reports, 0) as reports,
      ${latestPolicy(sql`d.id`)} as policy,
      coalesce("lastReportAt", (
        select r.stored_at from reports r where r.domain_id = d.id order by r.day desc, r.id desc limit 1)) as "lastReportAt"
    from domains d
      left join facts on facts.domain_id = d.id
      left join told on told.domain_id = d.id
    where ${question.domain === undefined ? sql`true` : sql`d.name = ${question.domain}`}
      and exists (select 1 from reports r where r.domain_id = d.id)
    order by coalesce(messages, 0) desc, d.name
    limit ${maxDomains}`.execute(db)
  return rows.map((row) => ({
    domain: row.domain,
    ...toCounts(row),
    reports: row.reports,
    policy: row.policy && toPolicy(row.policy),
    lastReportAt: row.lastReportAt?.toISOString() ?? null,
  }))
}
