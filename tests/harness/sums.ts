import { type Db, sql } from '@ruadar/platform'
import { makeNextSpan } from '../../services/ingest/src/store/spans.ts'

/** Makes all daily sums from reports and records that were written by SQL, as ingest and the sender pass leave them. `note` hears of each step. */
export async function sumUpAll(db: Db, note: (step: string) => void = () => undefined): Promise<void> {
  const steps: [string, ReturnType<typeof sql>][] = [
    [
      'daily_totals',
      sql`
        insert into daily_totals (messages, last_at, domain_id, day, reporter_id, disposition, dkim, spf, records, reports, conflicts)
        select sum(f.messages), max(r.stored_at), f.domain_id, f.day, f.reporter_id, f.disposition, f.dkim, f.spf, count(*),
          count(*) filter (where f.place = 1), 0
        from counted_records f join reports r on r.id = f.report_id
        group by f.domain_id, f.day, f.reporter_id, f.disposition, f.dkim, f.spf order by f.day, f.domain_id, f.reporter_id`,
    ],
    [
      'daily_domains',
      sql`
        insert into daily_domains (messages, last_at, domain_id, day, disposition, dkim, spf, records, reports, conflicts)
        select sum(messages), max(last_at), domain_id, day, disposition, dkim, spf, sum(records), sum(reports), 0
        from daily_totals group by domain_id, day, disposition, dkim, spf order by day, domain_id`,
    ],
    [
      'daily_reporters',
      sql`
        insert into daily_reporters (messages, last_at, reporter_id, day, disposition, dkim, spf, records, reports, conflicts)
        select sum(messages), max(last_at), reporter_id, day, disposition, dkim, spf, sum(records), sum(reports), 0
        from daily_totals group by reporter_id, day, disposition, dkim, spf order by day, reporter_id`,
    ],
    [
      'daily_sources',
      sql`
        insert into daily_sources (messages, source_ip, day, disposition, dkim, spf, records)
        select sum(f.messages), w.source_ip, f.day, f.disposition, f.dkim, f.spf, count(*)
        from counted_records f join ways w on w.id = f.way_id
        group by w.source_ip, f.day, f.disposition, f.dkim, f.spf order by f.day`,
    ],
    [
      'daily_senders',
      sql`
        insert into daily_senders (messages, domain_id, day, sender_id, reporter_id, disposition, dkim, spf, records)
        select sum(f.messages), f.domain_id, f.day, w.sender_id, f.reporter_id, f.disposition, f.dkim, f.spf, count(*)
        from counted_records f join ways w on w.id = f.way_id
        group by f.domain_id, f.day, w.sender_id, f.reporter_id, f.disposition, f.dkim, f.spf order by f.day, f.domain_id`,
    ],
    [
      'daily_senders_all',
      sql`
        insert into daily_senders_all (messages, day, sender_id, reporter_id, disposition, dkim, spf, records)
        select sum(messages), day, sender_id, reporter_id, disposition, dkim, spf, sum(records)
        from daily_senders group by day, sender_id, reporter_id, disposition, dkim, spf order by day`,
    ],
    [
      'daily_senders_summed',
      sql`
        insert into daily_senders_summed (messages, day, sender_id, disposition, dkim, spf, records)
        select sum(messages), day, sender_id, disposition, dkim, spf, sum(records)
        from daily_senders group by day, sender_id, disposition, dkim, spf order by day`,
    ],
    [
      'daily_identities',
      sql`
        insert into daily_identities (messages, domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf, records)
        select sum(f.messages), f.domain_id, f.day, w.sender_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf, count(*)
        from counted_records f join ways w on w.id = f.way_id
        group by f.domain_id, f.day, w.sender_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf order by f.day, f.domain_id`,
    ],
    [
      'spans to make',
      sql`
        insert into spans (domain_id, first_day, last_day)
        select distinct v.domain_id, s.first_day, s.last_day
        from (select domain_id, day, sum(records) as records from daily_domains group by 1, 2) d
          cross join lateral (values (d.domain_id), (0)) v (domain_id) cross join lateral spans_of(d.day, v.domain_id) s
        where s.last_day > s.first_day or v.domain_id <> 0 and d.records >= 1000`,
    ],
    [
      'sender_domains',
      sql`
        insert into sender_domains (domain_id, sender_id, first_day, last_day)
        select domain_id, sender_id, min(day), max(day) from daily_senders group by 1, 2`,
    ],
  ]
  for (const [step, statement] of steps) {
    await statement.execute(db)
    note(step)
  }
  while (await makeNextSpan(db)) continue
  note('spans')
}
