import type { ReportDetail, ReportWarning } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import type { Static } from 'typebox'
import { type Policy, toPolicy } from './policy.ts'
import { reportColumns, type ReportRow, toReportItem } from './reports.ts'

interface Row extends ReportRow {
  orgName: string | null
  email: string | null
  extraContactInfo: string | null
  errors: string[]
  generator: string | null
  policy: Policy
  warningList: Static<typeof ReportWarning>[]
  mailId: string
  part: string
  conflictsWith: string | null
  deletedAt: Date | null
}

/** One report's head; null when there is none. `conflictsWith` is the one that counts, or for that one the first of the others. */
export async function findReport(db: Db, id: number): Promise<ReportDetail | null> {
  const { rows } = await sql<Row>`
    select ${reportColumns},
      r.org_name as "orgName", r.email, r.extra_contact_info as "extraContactInfo", r.errors, r.generator, r.policy,
      r.warnings as "warningList", r.mail_id::text as "mailId", r.part,
      (select o.id::text from reports o
       where o.domain_id = r.domain_id and o.day = r.day and o.reporter_id = r.reporter_id and o.id <> r.id
         and coalesce(o.report_id, '') = coalesce(r.report_id, '') and o.begin_at = r.begin_at and o.end_at = r.end_at
       order by (o.state = 'counted') desc, o.id limit 1) as "conflictsWith",
      (select d.deleted_at from deleted_days d
       where d.kind = 'records' and r.day >= d.from_day and r.day < d.to_day and r.records > 0
         and not exists (select from records c where c.report_id = r.id and c.day = r.day)) as "deletedAt"
    from reports r join reporters n on n.id = r.reporter_id join domains d on d.id = r.domain_id
    where r.id = ${id}`.execute(db)
  const [row] = rows
  if (!row) return null
  const { orgName, email, extraContactInfo, errors, generator, policy, warningList, mailId, part, conflictsWith, deletedAt } = row
  return {
    ...toReportItem(row),
    orgName,
    email,
    extraContactInfo,
    errors,
    generator,
    policy: toPolicy(policy),
    warningList,
    mailId,
    part,
    conflictsWith,
    recordsDeleted: deletedAt && {
      at: deletedAt.toISOString(),
      message: `The records of this report were deleted on ${deletedAt.toISOString().slice(0, 10)} by the retention setting. Its head and totals stay.`,
    },
  }
}

export async function reportExists(db: Db, id: number): Promise<boolean> {
  const { rows } = await sql`select 1 from reports where id = ${id}`.execute(db)
  return rows.length > 0
}
