import { type Db, sql } from '@ruadar/platform'

export const domains = 1000
const reporters = 40
const services = 30
/** Two years that end on this UTC day. */
export const lastDay = '2026-03-31'
const days = 730
const rowsPerReport = 10

/**
 * Two years of reports on a thousand domains, skewed as real traffic is: the first domain has a seventh of all, half of the domains hardly
 * any; few reporters write most reports; most mail comes from services that many domains share, a little from addresses seen once. Written
 * by the database itself, with a fixed seed, sums as ingest and the sender pass make them.
 */
export async function generate(db: Db, records: number, note: (step: string) => void): Promise<void> {
  const run = async (step: string, statement: ReturnType<typeof sql>) => {
    const since = performance.now()
    await statement.execute(db)
    note(`${step}: ${((performance.now() - since) / 1000).toFixed(0)} s`)
  }
  await sql`select setseed(0.42)`.execute(db)
  await sql`insert into domains (name) select 'd' || n || '.example' from generate_series(1, ${domains}::int) n`.execute(db)
  await sql`insert into author_domains (name) select name from domains order by id`.execute(db)
  await sql`insert into reporters (name) select 'r' || n || '.example' from generate_series(1, ${reporters}::int) n`.execute(db)
  await sql`insert into senders (key, name, kind) select 'bench:' || n, 'Service ' || n, 'newsletter' from generate_series(1, ${services + 1}::int) n`.execute(
    db,
  )
  await sql`insert into mails (hash, origin, size, state) values ('bench', 'import', 1, 'imported')`.execute(db)
  // A set for each domain and service, the last for forged mail.
  await sql`
    insert into auth_sets (hash, envelope_from, dkim, spf)
    select sha256((d || '/' || s)::bytea), 's' || s || '.example',
      jsonb_build_array(jsonb_build_object('domain', case when (d + s) % 3 = 0 then 's' || s || '.example' else 'd' || d || '.example' end,
        'selector', 'k' || s, 'result', case when s > ${services}::int then 'fail' else 'pass' end, 'humanResult', null)),
      jsonb_build_array(jsonb_build_object('domain', 's' || s || '.example', 'scope', 'mfrom', 'result', 'pass', 'humanResult', null))
    from generate_series(1, ${domains}::int) d, generate_series(1, ${services + 1}::int) s order by d, s`.execute(db)
  await run(
    'reports',
    sql`
      insert into reports (mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                           errors, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
      select (select id from mails limit 1), 'xml', 'counted', sha256(n::text::bytea), 1000, d, r, 'report-' || n, day, day + interval '1 day', day,
             'r' || r, 'dmarc@r' || r || '.example', '[]', '{"p": "none", "adkim": "r", "aspf": "r"}', 0, 0, 0, 0, 0, '[]'
      from (
        select n, ceil(exp(random() * ln(${domains}::float8)))::int as d, ceil(exp(random() * ln(${reporters}::float8)))::int as r,
               ${lastDay}::date - floor(random() * ${days}::int)::int as day
        from generate_series(1, ${Math.round(records / rowsPerReport)}::int) n
      ) drawn`,
  )
  await run(
    'records',
    sql`
      insert into records (report_id, place, source_ip, messages, disposition, dkim, spf, recomputed_dkim, recomputed_spf, author_domain_id, auth_set_id)
      select id, place,
        case when s > ${services}::int then '10.0.0.0'::inet + floor(random() * 16000000)::bigint else '198.18.0.0'::inet + (s * 64 + floor(random() * 64))::bigint end,
        messages, 'none', dkim, 'fail', dkim, 'fail', domain_id, (domain_id - 1) * ${services + 1}::int + s
      from (
        select r.id, r.domain_id, place, s, ceil(exp(random() * 5))::int as messages,
          (case when s > ${services}::int or (r.domain_id + s) % 3 = 0 then 'fail' else 'pass' end)::verdict as dkim
        from reports r, generate_series(1, ${rowsPerReport}::int) place,
          lateral (select case when random() < 0.03 + 0 * (place + r.id) then ${services + 1}::int else ceil(exp(random() * ln(${services}::float8)))::int end as s) drawn
      ) rows`,
  )
  await run(
    'daily_sources',
    sql`
    insert into daily_sources
    select r.domain_id, r.day, c.source_ip, r.reporter_id, c.author_domain_id, c.auth_set_id, c.disposition, c.dkim, c.spf, sum(c.messages), count(*)
    from reports r join records c on c.report_id = r.id group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  )
  await run(
    'daily_totals',
    sql`
    insert into daily_totals
    select domain_id, day, reporter_id, disposition, dkim, spf, sum(messages), sum(records) from daily_sources group by 1, 2, 3, 4, 5, 6`,
  )
  await run(
    'ways',
    sql`
    insert into ways (source_ip, author_domain_id, auth_set_id, sender_id, proof, identified_with)
    select distinct source_ip, author_domain_id, auth_set_id, 1 + (auth_set_id - 1) % ${services + 1}::int, 'bench', 'bench' from daily_sources`,
  )
  await run(
    'daily_senders',
    sql`
    insert into daily_senders
    select domain_id, day, 1 + (auth_set_id - 1) % ${services + 1}::int, reporter_id, disposition, dkim, spf, sum(messages), sum(records)
    from daily_sources group by 1, 2, 3, 4, 5, 6, 7`,
  )
  await run(
    'standing',
    sql`
    insert into sender_domains (domain_id, sender_id, first_day, last_day) select domain_id, sender_id, min(day), max(day) from daily_senders group by 1, 2`,
  )
  await run(
    'sums of reports',
    sql`
    update reports r set records = c.records, messages = c.messages from (
      select report_id, count(*) as records, sum(messages) as messages from records group by 1) c where c.report_id = r.id`,
  )
  await sql`update sender_progress set seen = pg_current_xact_id()`.execute(db)
  await run('vacuum', sql`vacuum (analyze)`)
}
