import { type Database, type Db, sql } from '@ruadar/platform'
import { type Difference, findDeleted } from './totals.ts'

/**
 * Compares sums of several days that begin in a month with what they sum up: those of a domain with its records, those of all domains with
 * the sums by source and by domain. Spans that have changed since they were made are not asked by anybody, and left out.
 */
export async function compareSpans({ db }: Pick<Database, 'db'>, month: string, most: number): Promise<Difference[]> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const deleted = await findDeleted(trx, month)
      if (deleted.includes('sums')) return []
      return [
        ...(deleted.includes('records') ? [] : await compareWays(trx, month, most)),
        ...(await compareSources(trx, month, most)),
        ...(await compareLoneSources(trx, month, most)),
        ...(await compareLoneCounts(trx, month, most)),
        ...(await compareDomains(trx, month, most)),
      ]
    })
}

const madeIn = (month: string) => sql`
  select s.domain_id, s.first_day, s.last_day from spans s
  where s.made and s.first_day >= ${month}::date and s.first_day < (${month}::date + interval '1 month')::date
    and not exists (select from span_changes c where c.domain_id = s.domain_id and c.day between s.first_day and s.last_day)`

async function compareWays(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      made as (${madeIn(month)}),
      found as (
        select s.domain_id, s.first_day, s.last_day, f.way_id, f.disposition, f.dkim, f.spf, sum(f.messages) as messages, min(f.day) as since, max(f.day) as until
        from made s join counted_records f on f.domain_id = s.domain_id and f.day between s.first_day and s.last_day
        group by 1, 2, 3, 4, 5, 6, 7
      ),
      kept as (
        select t.domain_id, t.first_day, t.last_day, t.way_id, t.disposition, t.dkim, t.spf, t.messages, t.seen_first as since, t.seen_last as until, t.source_ip, t.sender_id
        from made s join way_spans t using (domain_id, first_day, last_day)
      )
    select format('way_spans: %s, %s to %s, way %s', d.name, first_day, last_day, way_id) as what,
      format('%s messages from %s to %s', kept.messages, kept.since, kept.until) as stored,
      format('%s messages from %s to %s', found.messages, found.since, found.until) as "right"
    from kept full join found using (domain_id, first_day, last_day, way_id, disposition, dkim, spf) join domains d on d.id = domain_id
      left join ways w on w.id = way_id
    where (kept.messages, kept.since, kept.until, kept.source_ip, kept.sender_id) is distinct from
      (found.messages, found.since, found.until, w.source_ip, w.sender_id)
    order by 1 limit ${most}`.execute(db)
  return rows
}

async function compareSources(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      made as (select * from (${madeIn(month)}) s where domain_id = 0),
      found as (
        select s.first_day, s.last_day, f.source_ip, f.disposition, f.dkim, f.spf, sum(f.messages) as messages
        from made s join daily_sources f on f.day between s.first_day and s.last_day
        group by 1, 2, 3, 4, 5, 6 having sum(f.records) <> 0
      ),
      kept as (
        select t.first_day, t.last_day, t.source_ip, t.disposition, t.dkim, t.spf, t.messages
        from made s join source_spans t using (first_day, last_day)
      )
    select format('source_spans: %s to %s, %s', first_day, last_day, host(source_ip)) as what,
      format('%s messages', coalesce(kept.messages, 0)) as stored, format('%s messages', coalesce(found.messages, 0)) as "right"
    from kept full join found using (first_day, last_day, source_ip, disposition, dkim, spf)
    where kept.messages is distinct from found.messages
    order by 1 limit ${most}`.execute(db)
  return rows
}

/** A source that is said to be lone counts twice if it has more than its one row on a day whose sums of several days are asked. */
async function compareLoneSources(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with made as (select * from (${madeIn(month)}) s where domain_id = 0)
    select format('source_spans: %s to %s, %s', t.first_day, t.last_day, host(t.source_ip)) as what, 'its only messages' as stored,
      format('messages on %s as well', f.day) as "right"
    from made join source_spans t using (first_day, last_day)
      cross join lateral (
        select min(f.day) as day from daily_sources f
        where f.source_ip = t.source_ip and f.records <> 0
          and (f.day < t.first_day or f.day > t.last_day or (f.disposition, f.dkim, f.spf) <> (t.disposition, t.dkim, t.spf))
          and exists (select from spans s where s.domain_id = 0 and s.made and f.day between s.first_day and s.last_day)
          and not exists (select from span_changes c where c.domain_id = 0 and c.day = f.day)) f
    where t.lone and f.day is not null
    order by 1 limit ${most}`.execute(db)
  return rows
}

async function compareLoneCounts(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with made as (select * from (${madeIn(month)}) s where domain_id = 0)
    select format('spans: %s to %s', first_day, last_day) as what, format('%s lone sources', s.lone_sources) as stored,
      format('%s lone sources', found.sources) as "right"
    from made join spans s using (domain_id, first_day, last_day)
      cross join lateral (
        select count(*) as sources from source_spans t
        where t.first_day = s.first_day and t.last_day = s.last_day and t.lone and t.source_ip <> '::') found
    where s.lone_sources <> found.sources
    order by 1 limit ${most}`.execute(db)
  return rows
}

async function compareDomains(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      made as (select * from (${madeIn(month)}) s where domain_id = 0),
      found as (
        select s.first_day, s.last_day, f.domain_id, f.disposition, f.dkim, f.spf, sum(f.messages) as messages, sum(f.reports) as reports
        from made s join daily_domains f on f.day between s.first_day and s.last_day
        group by 1, 2, 3, 4, 5, 6 having sum(f.messages) <> 0 or sum(f.reports) <> 0
      ),
      kept as (
        select t.first_day, t.last_day, t.domain_id, t.disposition, t.dkim, t.spf, t.messages, t.reports
        from made s join domain_spans t using (first_day, last_day) where t.messages <> 0 or t.reports <> 0
      )
    select format('domain_spans: %s, %s to %s', d.name, first_day, last_day) as what,
      format('%s messages, %s reports', coalesce(kept.messages, 0), coalesce(kept.reports, 0)) as stored,
      format('%s messages, %s reports', coalesce(found.messages, 0), coalesce(found.reports, 0)) as "right"
    from kept full join found using (first_day, last_day, domain_id, disposition, dkim, spf) join domains d on d.id = domain_id
    where (kept.messages, kept.reports) is distinct from (found.messages, found.reports)
    order by 1 limit ${most}`.execute(db)
  return rows
}
