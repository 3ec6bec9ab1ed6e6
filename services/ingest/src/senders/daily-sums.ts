import { type Db, sql } from '@ruadar/platform'
import { isWayUnnamed } from './unnamed.ts'

/** Days of a domain that one transaction sums up. */
const daysAtOnce = 50

/**
 * Makes the sums by sender, and by identity, of stale days anew from the records, so that they equal them whatever was added, taken out or identified
 * otherwise, and adds what that changes to the sums of all domains together; the senders that a day had or has are to be judged anew. False: no day was stale.
 */
export async function sumUpStaleDays(trx: Db): Promise<boolean> {
  if (await isWayUnnamed(trx)) return false // another process has just noted reports: their ways come first
  const { rows } = await sql<{ domainId: number; day: string; recordsGone: boolean }>`
    delete from stale_days s using (select domain_id, day from stale_days order by domain_id, day limit ${daysAtOnce}) t
    where s.domain_id = t.domain_id and s.day = t.day
    returning s.domain_id as "domainId", s.day, records_deleted(s.day) as "recordsGone"`.execute(trx)
  if (rows.length === 0) return false
  // Of days whose records retention has deleted the sums are all there is: they stay as they were.
  const days = rows.filter(({ recordsGone }) => !recordsGone)
  if (days.length === 0) return true
  const stale = sql`unnest(${days.map(({ domainId }) => domainId)}::int[], ${days.map(({ day }) => day)}::date[]) as stale (domain_id, day)`
  await sql`
    with
      rows as materialized (
        select f.domain_id, f.day, w.sender_id, f.reporter_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf,
          sum(f.messages) as messages, count(*) as records
        from ${stale}
          join counted_records f on f.domain_id = stale.domain_id and f.day = stale.day
          join ways w on w.id = f.way_id
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
      ),
      no_identities as (
        delete from daily_identities d using ${stale} where d.domain_id = stale.domain_id and d.day = stale.day
      ),
      identities as (
        insert into daily_identities (messages, domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf, records)
        select sum(messages), domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf, sum(records)
        from rows group by domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf
      ),
      gone as (
        delete from daily_senders d using ${stale} where d.domain_id = stale.domain_id and d.day = stale.day returning d.*
      ),
      made as (
        insert into daily_senders (messages, domain_id, day, sender_id, reporter_id, disposition, dkim, spf, records)
        select sum(messages), domain_id, day, sender_id, reporter_id, disposition, dkim, spf, sum(records)
        from rows group by domain_id, day, sender_id, reporter_id, disposition, dkim, spf
        returning *
      ),
      judged as (
        insert into stale_senders (domain_id, sender_id)
        select domain_id, sender_id from gone union select domain_id, sender_id from made order by 1, 2
        on conflict do nothing
      ),
      moved as (
        select day, sender_id, reporter_id, disposition, dkim, spf, messages, records from made
        union all
        select day, sender_id, reporter_id, disposition, dkim, spf, -messages, -records from gone
      ),
      changed as (
        insert into daily_senders_all (messages, day, sender_id, reporter_id, disposition, dkim, spf, records)
        select sum(messages), day, sender_id, reporter_id, disposition, dkim, spf, sum(records)
        from moved group by day, sender_id, reporter_id, disposition, dkim, spf having sum(messages) <> 0 or sum(records) <> 0
        returning day
      ),
      summed as (
        insert into daily_senders_summed (messages, day, sender_id, disposition, dkim, spf, records)
        select sum(messages), day, sender_id, disposition, dkim, spf, sum(records)
        from moved group by day, sender_id, disposition, dkim, spf having sum(messages) <> 0 or sum(records) <> 0
      )
    insert into days_to_fold (day, rows) select day, count(*) from changed group by day`.execute(trx)
  return true
}
