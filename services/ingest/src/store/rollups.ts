import { type Db, sql } from '@ruadar/platform'

/** Rows of a stored report: those after the first `after`. */
export interface RowsAfter {
  reportId: number
  after: number
}

/**
 * Adds stored rows to the daily sums (sign 1), or takes them out again (-1), in the caller's transaction. Sums are written in the
 * order of their key, so that two transactions of one domain wait for each other instead of locking each other out.
 */
export async function rollUp(trx: Db, rows: readonly RowsAfter[], sign: 1 | -1): Promise<void> {
  if (rows.length === 0) return
  const added = sql`
    unnest(${rows.map(({ reportId }) => reportId)}::bigint[], ${rows.map(({ after }) => after)}::int[]) as added (report_id, after)
    join reports r on r.id = added.report_id
    join records c on c.report_id = added.report_id and c.place > added.after`
  await sql`
    insert into daily_totals as total (domain_id, day, reporter_id, disposition, dkim, spf, messages, records)
    select r.domain_id, r.day, r.reporter_id, c.disposition, c.dkim, c.spf, ${sign}::int * sum(c.messages), ${sign}::int * count(*)
    from ${added}
    group by 1, 2, 3, 4, 5, 6
    order by 1, 2, 3, 4, 5, 6
    on conflict (domain_id, day, reporter_id, disposition, dkim, spf) do update
      set messages = total.messages + excluded.messages, records = total.records + excluded.records`.execute(trx)
  await sql`
    insert into daily_sources as total
      (domain_id, day, source_ip, reporter_id, author_domain_id, auth_set_id, disposition, dkim, spf, messages, records)
    select r.domain_id, r.day, coalesce(c.source_ip, '::'), r.reporter_id, c.author_domain_id, c.auth_set_id,
           c.disposition, c.dkim, c.spf, ${sign}::int * sum(c.messages), ${sign}::int * count(*)
    from ${added}
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    order by 1, 2, 3, 4, 5, 6, 7, 8, 9
    on conflict (domain_id, day, source_ip, reporter_id, author_domain_id, auth_set_id, disposition, dkim, spf) do update
      set messages = total.messages + excluded.messages, records = total.records + excluded.records`.execute(trx)
  if (sign === 1) return
  for (const table of ['daily_totals', 'daily_sources']) {
    await sql`
      delete from ${sql.table(table)} t using reports r
      where r.id = any(${rows.map(({ reportId }) => reportId)}::bigint[]) and t.domain_id = r.domain_id and t.day = r.day
        and t.reporter_id = r.reporter_id and t.records = 0`.execute(trx)
  }
}
