import { type Db, sql } from '@ruadar/platform'

/** Days of a domain that one transaction sums up. */
const daysAtOnce = 50

/**
 * Makes the sums by sender of stale days anew from daily_sources, so that they equal them whatever was added, taken out or
 * identified otherwise; the senders that a day had or has are to be judged anew. False: no day was stale.
 */
export async function sumUpStaleDays(trx: Db): Promise<boolean> {
  if (await isWayUnnamed(trx)) return false // another process has just noted reports: their ways come first
  const { rows: days } = await sql<{ domainId: number; day: string }>`
    delete from stale_days s using (select domain_id, day from stale_days order by domain_id, day limit ${daysAtOnce}) t
    where s.domain_id = t.domain_id and s.day = t.day
    returning s.domain_id as "domainId", s.day`.execute(trx)
  if (days.length === 0) return false
  const stale = sql`unnest(${days.map(({ domainId }) => domainId)}::int[], ${days.map(({ day }) => day)}::date[]) as stale (domain_id, day)`
  await sql`
    with
      gone as (
        delete from daily_senders d using ${stale}
        where d.domain_id = stale.domain_id and d.day = stale.day
        returning d.domain_id, d.sender_id
      )
    insert into stale_senders (domain_id, sender_id) select distinct domain_id, sender_id from gone order by 1, 2
    on conflict do nothing`.execute(trx)
  await sql`
    with
      made as (
        insert into daily_senders (domain_id, day, sender_id, reporter_id, disposition, dkim, spf, messages, records)
        select f.domain_id, f.day, w.sender_id, f.reporter_id, f.disposition, f.dkim, f.spf, sum(f.messages), sum(f.records)
        from ${stale}
          join daily_sources f on f.domain_id = stale.domain_id and f.day = stale.day
          join ways w on w.source_ip = f.source_ip and w.author_domain_id = f.author_domain_id and w.auth_set_id = f.auth_set_id
        group by 1, 2, 3, 4, 5, 6, 7
        returning domain_id, sender_id
      )
    insert into stale_senders (domain_id, sender_id) select distinct domain_id, sender_id from made order by 1, 2
    on conflict do nothing`.execute(trx)
  return true
}

async function isWayUnnamed(trx: Db): Promise<boolean> {
  const { rows } = await sql`select 1 from ways where sender_id is null limit 1`.execute(trx)
  return rows.length > 0
}
