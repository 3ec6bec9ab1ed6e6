import { type Database, type Db, sql } from '@ruadar/platform'
import { type Difference, findDeleted } from './totals.ts'

/**
 * Compares the sums by sender of one month, and by identity, with the records that they are made of, and those of all domains with those of
 * each. Days that the background has not brought up to date yet are left out: `countPendingDays` says how many there are. Where retention has
 * deleted the records nothing is left to compare with.
 */
export async function compareSenders({ db }: Pick<Database, 'db'>, month: string, most: number): Promise<Difference[]> {
  return await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      if ((await findDeleted(trx, month)).length > 0) return []
      return [
        ...(await compareWithRecords(trx, 'daily_senders', month, most)),
        ...(await compareWithRecords(trx, 'daily_identities', month, most)),
        ...(await compareWithEach(trx, 'daily_senders_all', month, most)),
        ...(await compareWithEach(trx, 'daily_senders_summed', month, most)),
      ]
    })
}

const inMonth = (month: string) => sql`day >= ${month}::date and day < (${month}::date + interval '1 month')::date`

async function compareWithRecords(db: Db, table: 'daily_senders' | 'daily_identities', month: string, most: number): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      waiting as (${waitingDays}),
      settled as (
        select distinct domain_id, day from (select domain_id, day from daily_domains union all select domain_id, day from ${sql.table(table)}) days
        where ${inMonth(month)} and not exists (select 1 from waiting where waiting.domain_id = days.domain_id and waiting.day = days.day)
      ),
      found as (
        select f.domain_id, f.day, w.sender_id, sum(f.messages) as messages, count(*) as records
        from settled join (select * from counted_records where ${inMonth(month)}) f on f.domain_id = settled.domain_id and f.day = settled.day left join ways w on w.id = f.way_id
        group by 1, 2, 3
      ),
      kept as (
        select d.domain_id, d.day, d.sender_id, sum(d.messages) as messages, sum(d.records) as records
        from settled join (select * from ${sql.table(table)} where ${inMonth(month)}) d using (domain_id, day) group by 1, 2, 3
      )
    select format('%s: %s, %s, %s', ${table}::text, d.name, coalesce(kept.day, found.day), s.name) as what,
      format('%s records, %s messages', coalesce(kept.records, 0), coalesce(kept.messages, 0)) as stored,
      format('%s records, %s messages', coalesce(found.records, 0), coalesce(found.messages, 0)) as "right"
    from kept full join found on found.domain_id = kept.domain_id and found.day = kept.day and found.sender_id = kept.sender_id
      left join domains d on d.id = coalesce(kept.domain_id, found.domain_id)
      left join senders s on s.id = coalesce(kept.sender_id, found.sender_id)
    where (kept.messages, kept.records) is distinct from (found.messages, found.records)
    order by 1 limit ${most}`.execute(db)
  return rows
}

async function compareWithEach(
  db: Db,
  table: 'daily_senders_all' | 'daily_senders_summed',
  month: string,
  most: number,
): Promise<Difference[]> {
  const { rows } = await sql<Difference>`
    with
      each as (select day, sender_id, sum(messages) as messages, sum(records) as records from daily_senders where ${inMonth(month)} group by 1, 2),
      all_domains as (
        select day, sender_id, sum(messages) as messages, sum(records) as records from ${sql.table(table)} where ${inMonth(month)}
        group by 1, 2 having sum(messages) <> 0 or sum(records) <> 0
      )
    select format('%s: %s, %s', ${table}::text, coalesce(a.day, each.day), s.name) as what,
      format('%s records, %s messages', coalesce(a.records, 0), coalesce(a.messages, 0)) as stored,
      format('%s records, %s messages', coalesce(each.records, 0), coalesce(each.messages, 0)) as "right"
    from all_domains a full join each on each.day = a.day and each.sender_id = a.sender_id
      left join senders s on s.id = coalesce(a.sender_id, each.sender_id)
    where (a.messages, a.records) is distinct from (each.messages, each.records)
    order by 1 limit ${most}`.execute(db)
  return rows
}

/** Days of domains that the background still has to sum up by sender. */
export async function countPendingDays({ db }: Pick<Database, 'db'>): Promise<number> {
  const { rows } = await sql<{ days: number }>`select count(*) as days from (${waitingDays}) waiting`.execute(db)
  return rows[0]?.days ?? 0
}

const waitingDays = sql`
  select domain_id, day from stale_days
  union
  select r.domain_id, r.day from reports r, sender_progress p where (r.changed_in, r.id) > (p.seen, p.seen_report)`
