import type { FailureDetail } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import type { Static } from 'typebox'
import type { EvidenceRow } from '@ruadar/contract'
import { dayAfter } from './question.ts'

const mostRows = 100
const dayMs = 86_400_000

interface Subject {
  domainId: number
  authorDomainId: number | null
  source: string
  day: string
}

/**
 * What aggregate reports counted of the source of a failure report, for its domain as Policy or Author Domain: on the UTC day of the
 * message, or on that day and both beside it when nobody counted anything on it. Null when the report names no source.
 */
export async function findEvidence(db: Db, failureId: number): Promise<FailureDetail['evidence']> {
  const { rows } = await sql<Subject>`
    select r.domain_id as "domainId", a.id as "authorDomainId", host(r.source_ip) as source, (r.arrived_at at time zone 'UTC')::date as day
    from failure_reports r join domains d on d.id = r.domain_id left join author_domains a on a.name = d.name
    where r.id = ${failureId} and r.source_ip is not null`.execute(db)
  const [subject] = rows
  if (!subject) return null
  const { day } = subject
  const near = { from: new Date(Date.parse(day) - dayMs).toISOString().slice(0, 10), to: dayAfter(dayAfter(day)) }
  for (const period of [{ from: day, to: dayAfter(day) }, near]) {
    const found = await sumRows(db, subject, period)
    if (found.length > 0) return { ...period, rows: found }
  }
  return { ...near, rows: [] }
}

async function sumRows(db: Db, subject: Subject, { from, to }: { from: string; to: string }): Promise<Static<typeof EvidenceRow>[]> {
  const { rows } = await sql<Static<typeof EvidenceRow>>`
    select f.day, d.name as domain, nullif(a.name, '') as "headerFrom", n.name as reporter, f.dkim, f.spf, f.disposition,
      total(f.messages) as messages
    from ways w
      join counted_records f on f.way_id = w.id
      join domains d on d.id = f.domain_id
      join author_domains a on a.id = w.author_domain_id
      join reporters n on n.id = f.reporter_id
    where w.source_ip = ${subject.source}::inet and f.day >= ${from}::date and f.day < ${to}::date
      and (f.domain_id = ${subject.domainId} or w.author_domain_id = ${subject.authorDomainId}::int)
    group by f.day, d.name, a.name, n.name, f.dkim, f.spf, f.disposition
    order by messages desc, f.day, n.name, f.dkim, f.spf, f.disposition, a.name
    limit ${mostRows}`.execute(db)
  return rows
}
