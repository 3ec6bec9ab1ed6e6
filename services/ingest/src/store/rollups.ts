import { type Db, sql } from '@ruadar/platform'

/** Rows of a stored report: those after the first `after`. */
export interface RowsAfter {
  reportId: number
  after: number
}

/**
 * Adds stored rows of reports that count to the daily sums (sign 1), or takes them out again (-1), in the caller's transaction. Sums are
 * appended as rows that add up to those that are there, so that no transaction waits for another; `foldDays` puts them together later. Sums
 * of several days do not count any more where they have one of these (spans.ts).
 */
export async function rollUp(trx: Db, rows: readonly RowsAfter[], sign: 1 | -1): Promise<void> {
  if (rows.length === 0) return
  await sql`
    with
      rows as materialized (
        select
          r.domain_id, r.day, r.reporter_id, coalesce(v.disposition, 'none') as disposition, coalesce(v.dkim, 'unknown') as dkim,
          coalesce(v.spf, 'unknown') as spf, c.way_id, coalesce(c.messages, 0) as messages, (c.report_id is not null)::int as records,
          (added.after = 0 and coalesce(c.place, 1) = 1)::int as reports, r.stored_at
        from unnest(${rows.map(({ reportId }) => reportId)}::bigint[], ${rows.map(({ after }) => after)}::int[]) as added (report_id, after)
          join reports r on r.id = added.report_id
          left join records c on c.report_id = r.id and c.day = r.day and c.place > added.after
          left join verdicts v on v.id = c.verdict_id
      ),
      sources as (
        insert into daily_sources (messages, source_ip, day, disposition, dkim, spf, records)
        select ${sign}::int * sum(f.messages), w.source_ip, f.day, f.disposition, f.dkim, f.spf, ${sign}::int * count(*)
        from rows f join ways w on w.id = f.way_id
        group by 2, 3, 4, 5, 6
        returning day
      ),
      totals as (
        insert into daily_totals (messages, last_at, domain_id, day, reporter_id, disposition, dkim, spf, records, reports, conflicts)
        select ${sign}::int * sum(messages), max(stored_at), domain_id, day, reporter_id, disposition, dkim, spf, ${sign}::int * sum(records),
          ${sign}::int * sum(reports), 0
        from rows group by domain_id, day, reporter_id, disposition, dkim, spf
        having sum(records) > 0 or sum(reports) > 0
        returning *
      ),
      ${fromTotals},
      changed as (select day from sources union all select day from totals)
    insert into days_to_fold (day, rows) select day, count(*) from changed group by day`.execute(trx)
}

/** Counts reports as conflicts (sign 1), or no longer (-1). */
export async function countConflicts(trx: Db, reportIds: readonly number[], sign: 1 | -1): Promise<void> {
  if (reportIds.length === 0) return
  await sql`
    with
      totals as (
        insert into daily_totals (messages, last_at, domain_id, day, reporter_id, disposition, dkim, spf, records, reports, conflicts)
        select 0, max(stored_at), domain_id, day, reporter_id, 'none', 'unknown', 'unknown', 0, 0, ${sign}::int * count(*)
        from reports where id = any(${reportIds}::bigint[]) group by domain_id, day, reporter_id
        returning *
      ),
      ${fromTotals}
    insert into days_to_fold (day, rows) select day, count(*) from totals group by day`.execute(trx)
}

/** The sums without reporter and without domain, made from what was appended to those with both; and which days have changed. */
const fromTotals: ReturnType<typeof sql> = sql`
  domains as (
    insert into daily_domains (messages, last_at, domain_id, day, disposition, dkim, spf, records, reports, conflicts)
    select sum(messages), max(last_at), domain_id, day, disposition, dkim, spf, sum(records), sum(reports), sum(conflicts)
    from totals group by domain_id, day, disposition, dkim, spf
  ),
  reporters as (
    insert into daily_reporters (messages, last_at, reporter_id, day, disposition, dkim, spf, records, reports, conflicts)
    select sum(messages), max(last_at), reporter_id, day, disposition, dkim, spf, sum(records), sum(reports), sum(conflicts)
    from totals group by reporter_id, day, disposition, dkim, spf
  ),
  spans as (
    insert into span_changes (domain_id, day)
    select distinct d.domain_id, day from totals cross join lateral (values (domain_id), (0)) d (domain_id)
  )`
