import type { DomainItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { badCursor, cursorOf, Id, page } from '../cursor.ts'
import { type CountRow, countColumns, toCounts } from './counts.ts'
import { isAboutRows } from './filter.ts'
import type { Question } from './question.ts'
import { latestPolicy, type Policy, toPolicy } from './policy.ts'
import { countReportsBy } from './report-counts.ts'
import { domainsOf } from './sums-by-domain.ts'

export type DomainSort = 'messages' | 'failing'

/** Sort key of a domain: failing messages (0 when sorted by all messages) as `rank`, messages, name. */
const cursor = cursorOf(
  Type.Object({
    sort: Type.Union([Type.Literal('messages'), Type.Literal('failing')]),
    rank: Id,
    messages: Id,
    domain: Type.String({ maxLength: 253 }),
  }),
)

interface Row extends CountRow {
  domain: string
  rank: number
  reports: number
  policy: Policy | null
  lastReportAt: Date | null
}

/**
 * Every Policy Domain that an aggregate report was about; those that no report of the period is about too, with zeros: silence is a
 * finding. What the newest report of a domain says is looked up for those of the page alone.
 */
export async function listDomains(
  db: Db,
  question: Question,
  { sort, ...paging }: { sort: DomainSort; after: string | undefined; limit: number },
): Promise<{ items: DomainItem[]; next: string | null }> {
  const after = cursor.read(paging.after)
  if (after !== null && after.sort !== sort) throw badCursor()
  const { rows } = await sql<Row>`
    with
      ${factsAndReports(question)},
      ranked as (
        select
          d.id, d.name as domain, coalesce(messages, 0) as messages, coalesce("dmarcPass", 0) as "dmarcPass",
          coalesce("dkimAligned", 0) as "dkimAligned", coalesce("spfAligned", 0) as "spfAligned", coalesce(reports, 0) as reports,
          "lastReportAt" as told_at, ${sort === 'failing' ? sql`coalesce(messages - "dmarcPass", 0)` : sql`0::bigint`} as rank
        from domains d left join facts on facts.domain_id = d.id left join told on told.domain_id = d.id
        where ${question.domain === undefined ? sql`true` : sql`d.name = ${question.domain}`}
          and (told.domain_id is not null or (select true from reports r where r.domain_id = d.id order by r.day desc, r.id desc limit 1))
      ),
      shown as (
        select * from ranked
        where ${
          after === null
            ? sql`true`
            : sql`(rank, messages) < (${after.rank}::bigint, ${after.messages}::bigint)
              or (rank, messages) = (${after.rank}::bigint, ${after.messages}::bigint) and domain > ${after.domain}`
        }
        order by rank desc, messages desc, domain limit ${paging.limit + 1}
      )
    select shown.*, ${latestPolicy(sql`shown.id`)} as policy,
      coalesce(told_at, (
        select r.stored_at from reports r where r.domain_id = shown.id order by r.day desc, r.id desc limit 1)) as "lastReportAt"
    from shown order by rank desc, messages desc, domain`.execute(db)
  const part = page(rows, paging.limit, cursor, ({ rank, messages, domain }) => ({ sort, rank, messages, domain }))
  return { items: part.rows.map(toItem), next: part.next }
}

/** Two queries: messages, and reports. Both are summed up at once, unless each report is asked whether it has such rows. */
function factsAndReports(question: Question) {
  const { table, where } = domainsOf(question)
  if (isAboutRows(question)) {
    return sql`
      facts as (select f.domain_id, ${countColumns} from ${table} f where ${where} group by f.domain_id),
      told as (${countReportsBy(question, 'domain_id')})`
  }
  return sql`
    counted as materialized (
      select f.domain_id, ${countColumns}, sum(f.reports)::bigint as reports, max(f.last_at) as "lastReportAt"
      from ${table} f where ${where} group by f.domain_id
    ),
    facts as (select domain_id, messages, "dmarcPass", "dkimAligned", "spfAligned" from counted),
    told as (select domain_id, reports, "lastReportAt" from counted where reports > 0)`
}

function toItem({ domain, reports, policy, lastReportAt, ...counts }: Row): DomainItem {
  return {
    domain,
    ...toCounts(counts),
    reports,
    policy: policy && toPolicy(policy),
    lastReportAt: lastReportAt?.toISOString() ?? null,
  }
}
