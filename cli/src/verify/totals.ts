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
    from (
      select day from reports
      union select day from daily_totals union select day from daily_domains union select day from daily_reporters union select day from daily_sources
      union select day from daily_senders) days
    order by 1`.execute(db)
  return rows.map(({ month }) => month)
}

/**
 * Compares the sums of one month with the records below them, in one snapshot, so that it can run beside ingest: reports
 * against their records, each daily sum against the records of reports that count, and how many reports the sums have. Names no
 * more than `most` differences of each kind; the database does the summing. Where retention has deleted the records, the sums are compared
 * with the totals of the reports; where it has deleted the sums, nothing is left to compare.
 */
export async function compareMonth({ db }: Pick<Database, 'db'>, month: string, most: number): Promise<Difference[]> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const deleted = await findDeleted(trx, month)
      if (deleted.includes('sums')) return []
      const compared = deleted.includes('records')
        ? await compareWithReports(trx, month, most)
        : [
            ...(await compareReports(trx, month, most)),
            ...(await compareDaily(trx, 'daily_totals', month, most)),
            ...(await compareDaily(trx, 'daily_domains', month, most)),
            ...(await compareDaily(trx, 'daily_reporters', month, most)),
            ...(await compareDaily(trx, 'daily_sources', month, most)),
          ]
      return [
        ...compared,
        ...(await compareCounts(trx, 'daily_totals', month, most)),
        ...(await compareCounts(trx, 'daily_domains', month, most)),
        ...(await compareCounts(trx, 'daily_reporters', month, most)),
      ]
    })
}

/**
 * What retention has deleted of a month: records, sums. The lock comes before the first statement that takes the snapshot, so that no deletion
 * is under way that this transaction sees half of: emptied tables are empty for every snapshot.
 */
export async function findDeleted(trx: Db, month: string): Promise<string[]> {
  await sql`lock table deleted_days in share mode`.execute(trx)
  const { rows } = await sql<{ kind: string }>`
    select kind from deleted_days where ${month}::date >= from_day and ${month}::date < to_day`.execute(trx)
  return rows.map(({ kind }) => kind)
}

const within = (month: string, column: string) =>
  sql`${sql.ref(column)} >= ${month}::date and ${sql.ref(column)} < (${month}::date + interval '1 month')::date`

async function compareReports(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with found as (
      select r.id, count(c.report_id) as records, coalesce(sum(c.messages), 0) as messages,
        coalesce(sum(c.messages) filter (where v.dkim = 'pass' or v.spf = 'pass'), 0) as dmarc_pass,
        coalesce(sum(c.messages) filter (where v.dkim = 'pass'), 0) as dkim_aligned,
        coalesce(sum(c.messages) filter (where v.spf = 'pass'), 0) as spf_aligned,
        count(*) filter (where (c.domain_id, c.reporter_id, c.counted) <> (r.domain_id, r.reporter_id, r.state = 'counted')) as strays
      from reports r
        left join records c on c.report_id = r.id and c.day = r.day and ${within(month, 'c.day')}
        left join verdicts v on v.id = c.verdict_id
      where ${within(month, 'r.day')}
      group by r.id
    )
    select format('report %s: %s, %s, %s', r.id, d.name, r.day, p.name) as what,
      format('%s records, %s messages (%s pass, %s DKIM, %s SPF)', r.records, r.messages, r.dmarc_pass, r.dkim_aligned, r.spf_aligned) as stored,
      format('%s records, %s messages (%s pass, %s DKIM, %s SPF)', f.records - f.strays, f.messages, f.dmarc_pass, f.dkim_aligned, f.spf_aligned) as "right"
    from found f join reports r on r.id = f.id join domains d on d.id = r.domain_id join reporters p on p.id = r.reporter_id
    where (r.records, r.messages, r.dmarc_pass, r.dkim_aligned, r.spf_aligned)
      is distinct from (f.records - f.strays, f.messages, f.dmarc_pass, f.dkim_aligned, f.spf_aligned)
    order by r.id limit ${most}`.execute(db)
  return rows
}

const keys = {
  daily_totals: ['domain_id', 'reporter_id'],
  daily_domains: ['domain_id'],
  daily_reporters: ['reporter_id'],
  daily_sources: ['source_ip'],
} as const

async function compareDaily(db: Db, table: keyof typeof keys, month: string, most: number): Promise<Difference[]> {
  const own: readonly string[] = keys[table]
  const key = sql.join([...own, 'day', 'disposition', 'dkim', 'spf'].map((name) => sql.ref(name)))
  const { rows } = await sql<Difference>`
    with
      found as (
        select ${key}, sum(messages) as messages, count(*) as records
        from counted_records ${table === 'daily_sources' ? sql`join ways w on w.id = way_id` : sql``}
        where ${within(month, 'day')} group by ${key}
      ),
      kept as (
        select ${key}, sum(messages) as messages, sum(records) as records
        from ${sql.table(table)} where ${within(month, 'day')}
        group by ${key} having sum(messages) <> 0 or sum(records) <> 0
      ),
      compared as (
        select ${key}, kept.messages as kept_messages, kept.records as kept_records, found.messages, found.records
        from kept full join found using (${key})
        where (kept.messages, kept.records) is distinct from (found.messages, found.records)
      )
    select format('%s: %s, disposition %s, DKIM %s, SPF %s', ${table}::text, ${named(own)}, disposition, dkim, spf) as what,
      format('%s records, %s messages', coalesce(kept_records, 0), coalesce(kept_messages, 0)) as stored,
      format('%s records, %s messages', coalesce(compared.records, 0), coalesce(compared.messages, 0)) as "right"
    from compared order by 1 limit ${most}`.execute(db)
  return rows
}

/** For a month without records: daily_totals against the totals that stand with the reports. */
async function compareWithReports(db: Db, month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      found as (
        select domain_id, reporter_id, day, sum(messages) as messages, sum(records) as records, sum(dmarc_pass) as pass
        from reports where ${within(month, 'day')} and state = 'counted' group by 1, 2, 3
      ),
      kept as (
        select domain_id, reporter_id, day, sum(messages) as messages, sum(records) as records,
          coalesce(sum(messages) filter (where dkim = 'pass' or spf = 'pass'), 0) as pass
        from daily_totals where ${within(month, 'day')}
        group by 1, 2, 3 having sum(messages) <> 0 or sum(records) <> 0 or sum(reports) <> 0
      ),
      compared as (
        select domain_id, reporter_id, day, kept.messages as kept_messages, kept.records as kept_records, kept.pass as kept_pass,
          found.messages, found.records, found.pass
        from kept full join found using (domain_id, reporter_id, day)
        where (kept.messages, kept.records, kept.pass) is distinct from (found.messages, found.records, found.pass)
      )
    select format('daily_totals: %s', ${named(['domain_id', 'reporter_id'])}) as what,
      format('%s records, %s messages (%s pass)', coalesce(kept_records, 0), coalesce(kept_messages, 0), coalesce(kept_pass, 0)) as stored,
      format('%s records, %s messages (%s pass)', coalesce(compared.records, 0), coalesce(compared.messages, 0), coalesce(compared.pass, 0)) as "right"
    from compared order by 1 limit ${most}`.execute(db)
  return rows
}

async function compareCounts(
  db: Db,
  table: Exclude<keyof typeof keys, 'daily_sources'>,
  month: string,
  most: number,
): Promise<Difference[]> {
  const own: readonly string[] = keys[table]
  const key = sql.join([...own, 'day'].map((name) => sql.ref(name)))
  const { rows } = await sql<Difference>`
    with
      found as (
        select ${key}, count(*) filter (where state = 'counted') as reports, count(*) filter (where state = 'conflict') as conflicts
        from reports where ${within(month, 'day')} group by ${key}
      ),
      kept as (
        select ${key}, sum(reports) as reports, sum(conflicts) as conflicts
        from ${sql.table(table)} where ${within(month, 'day')}
        group by ${key} having sum(reports) <> 0 or sum(conflicts) <> 0
      ),
      compared as (
        select ${key}, kept.reports as kept_reports, kept.conflicts as kept_conflicts, found.reports, found.conflicts
        from kept full join found using (${key})
        where (kept.reports, kept.conflicts) is distinct from (found.reports, found.conflicts)
      )
    select format('%s: %s', ${table}::text, ${named(own)}) as what,
      format('%s reports, %s conflicts', coalesce(kept_reports, 0), coalesce(kept_conflicts, 0)) as stored,
      format('%s reports, %s conflicts', coalesce(compared.reports, 0), coalesce(compared.conflicts, 0)) as "right"
    from compared order by 1 limit ${most}`.execute(db)
  return rows
}

/** Domain, day and reporter, or source, of a row of `compared`, as far as it has them. */
function named(own: readonly string[]) {
  return sql`concat_ws(', ',
    ${own.includes('domain_id') ? sql`(select name from domains d where d.id = compared.domain_id)` : sql`null`}, day,
    ${own.includes('reporter_id') ? sql`(select name from reporters p where p.id = compared.reporter_id)` : sql`null`},
    ${own.includes('source_ip') ? sql`'source ' || host(compared.source_ip)` : sql`null`})`
}
