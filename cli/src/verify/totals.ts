import { type Database, type Db, sql } from '@ruadar/platform'

/** One number that is not what it should be. */
export interface Difference {
  /** What was compared, with domain, day and reporter. */
  what: string
  stored: string
  right: string
}

/** Months in which a report or a daily sum lies, oldest first, each by its first day. */
export async function findMonths(db: Db): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select distinct date_trunc('month', day)::date::text as month
    from (select day from reports union select day from daily_totals union select day from daily_sources) days
    order by 1`.execute(db)
  return rows.map(({ month }) => month)
}

/**
 * Compares the sums of one month with the records below them, in one snapshot, so that it can run beside ingest: reports
 * against their records, daily_totals and daily_sources against the records of reports that count. Names no more
 * than `most` differences of each kind; the database does the summing.
 */
export async function compareMonth({ db }: Pick<Database, 'db'>, month: string, most: number): Promise<Difference[]> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => [
      ...(await compareReports(trx, month, most)),
      ...(await compareDaily(trx, 'daily_totals', month, most)),
      ...(await compareDaily(trx, 'daily_sources', month, most)),
    ])
}

const within = (month: string, column: string) =>
  sql`${sql.ref(column)} >= ${month}::date and ${sql.ref(column)} < (${month}::date + interval '1 month')::date`

async function compareReports(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with found as (
      select r.id, count(c.report_id) as records, coalesce(sum(c.messages), 0) as messages,
        coalesce(sum(c.messages) filter (where c.dkim = 'pass' or c.spf = 'pass'), 0) as dmarc_pass,
        coalesce(sum(c.messages) filter (where c.dkim = 'pass'), 0) as dkim_aligned,
        coalesce(sum(c.messages) filter (where c.spf = 'pass'), 0) as spf_aligned
      from reports r left join records c on c.report_id = r.id
      where ${within(month, 'r.day')}
      group by r.id
    )
    select format('report %s: %s, %s, %s', r.id, d.name, r.day, p.name) as what,
      format('%s records, %s messages (%s pass, %s DKIM, %s SPF)', r.records, r.messages, r.dmarc_pass, r.dkim_aligned, r.spf_aligned) as stored,
      format('%s records, %s messages (%s pass, %s DKIM, %s SPF)', f.records, f.messages, f.dmarc_pass, f.dkim_aligned, f.spf_aligned) as "right"
    from found f join reports r on r.id = f.id join domains d on d.id = r.domain_id join reporters p on p.id = r.reporter_id
    where (r.records, r.messages, r.dmarc_pass, r.dkim_aligned, r.spf_aligned)
      is distinct from (f.records, f.messages, f.dmarc_pass, f.dkim_aligned, f.spf_aligned)
    order by r.id limit ${most}`.execute(db)
  return rows
}

const keys = {
  daily_totals: [],
  daily_sources: ['source_ip', 'author_domain_id', 'auth_set_id'],
} as const

async function compareDaily(db: Db, table: keyof typeof keys, month: string, most: number): Promise<Difference[]> {
  const key = sql.join(['domain_id', 'day', 'reporter_id', 'disposition', 'dkim', 'spf', ...keys[table]].map((name) => sql.ref(name)))
  const source = table === 'daily_sources' ? sql`format(', source %s', source_ip)` : sql`''`
  const { rows } = await sql<Difference>`
    with found as (
      select ${key}, sum(messages) as messages, count(*) as records
      from (
        select r.domain_id, r.day, r.reporter_id, c.disposition, c.dkim, c.spf, c.messages,
          coalesce(c.source_ip, '::') as source_ip, c.author_domain_id, c.auth_set_id
        from reports r join records c on c.report_id = r.id
        where r.state = 'counted' and ${within(month, 'r.day')}
      ) counted
      group by ${key}
    ), kept as (select * from ${sql.table(table)} where ${within(month, 'day')}),
    compared as (
      select ${key}, kept.messages as kept_messages, kept.records as kept_records, found.messages, found.records
      from kept full join found using (${key})
      where (kept.messages, kept.records) is distinct from (found.messages, found.records)
    )
    select format('%s: %s, %s, %s, disposition %s, DKIM %s, SPF %s', ${table}::text, d.name, day, p.name, disposition, dkim, spf)
        || ${source} as what,
      format('%s records, %s messages', coalesce(kept_records, 0), coalesce(kept_messages, 0)) as stored,
      format('%s records, %s messages', coalesce(compared.records, 0), coalesce(compared.messages, 0)) as "right"
    from compared left join domains d on d.id = domain_id left join reporters p on p.id = reporter_id
    order by 1 limit ${most}`.execute(db)
  return rows
}
