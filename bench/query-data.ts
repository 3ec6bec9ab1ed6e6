import { type Db, sql } from '@ruadar/platform'
import { sumUpAll } from '../tests/harness/sums.ts'

export const domains = 1000
const reporters = 40
const services = 30
const addressesOfService = 64
const forgers = 200
/** Two years that end on this UTC day. */
export const lastDay = '2026-03-31'
const days = 730
const rowsPerReport = 10

/**
 * Two years of reports on a thousand domains, skewed as real traffic is: the first domain has a tenth of all, half of the domains hardly
 * any; few reporters write most reports; most mail comes from services that many domains share, a little from addresses seen once, which
 * belong to some hundred networks. Written by the database itself in the order of days, with a fixed seed, sums as ingest and the sender
 * pass leave them.
 */
export async function generate(db: Db, records: number, note: (step: string) => void): Promise<void> {
  let since = performance.now()
  const told = (step: string) => {
    note(`${step}: ${((performance.now() - since) / 1000).toFixed(0)} s`)
    since = performance.now()
  }
  const run = async (step: string, statement: ReturnType<typeof sql>) => {
    await statement.execute(db)
    told(step)
  }
  await sql`select setseed(0.42)`.execute(db)
  await sql`set work_mem = '256MB'`.execute(db)
  await sql`insert into domains (name) select 'd' || n || '.example' from generate_series(1, ${domains}::int) n`.execute(db)
  await sql`insert into author_domains (name) select name from domains order by id`.execute(db)
  await sql`insert into reporters (name) select 'r' || n || '.example' from generate_series(1, ${reporters}::int) n`.execute(db)
  await sql`
    insert into senders (key, name, kind)
    select 'bench:' || n, case when n > ${services}::int then 'Network ' else 'Service ' end || n, case when n > ${services}::int then 'network' else 'newsletter' end
    from generate_series(1, ${services + forgers}::int) n`.execute(db)
  await sql`insert into mails (hash, origin, size, state) values ('bench', 'import', 1, 'imported')`.execute(db)
  // A set for each domain and service, the last for forged mail.
  await sql`
    insert into auth_sets (hash, envelope_from, dkim, spf)
    select sha256((d || '/' || s)::bytea), 's' || s || '.example',
      jsonb_build_array(jsonb_build_object('domain', case when (d + s) % 3 = 0 then 's' || s || '.example' else 'd' || d || '.example' end,
        'selector', 'k' || s, 'result', case when s > ${services}::int then 'fail' else 'pass' end, 'humanResult', null)),
      jsonb_build_array(jsonb_build_object('domain', 's' || s || '.example', 'scope', 'mfrom', 'result', 'pass', 'humanResult', null))
    from generate_series(1, ${domains}::int) d, generate_series(1, ${services + 1}::int) s order by d, s`.execute(db)
  const reports = Math.round(records / rowsPerReport)
  await run(
    'reports drawn',
    sql`
      create unlogged table drawn_reports as
      select n as id, ceil(exp(random() * ln(${domains}::float8)))::int as domain_id, ceil(exp(random() * ln(${reporters}::float8)))::int as reporter_id,
        ${lastDay}::date - ${days - 1}::int + (n::bigint * ${days}::int / ${reports + 1}::int)::int as day
      from generate_series(1, ${reports}::int) n`,
  )
  await sql`select ensure_months(array(select distinct day from drawn_reports))`.execute(db)
  await run(
    'rows drawn',
    sql`
      create unlogged table drawn as
      select id, place, day, domain_id, reporter_id, s, messages, (case when s > ${services}::int or (domain_id + s) % 3 = 0 then 'fail' else 'pass' end)::verdict as dkim,
        case when s > ${services}::int then '10.0.0.0'::inet + floor(random() * 16000000)::bigint
          else '198.18.0.0'::inet + (s * ${addressesOfService}::int + floor(random() * ${addressesOfService}::int))::bigint end as source_ip
      from (
        select r.*, place, ceil(exp(random() * 5))::int as messages,
          case when random() < 0.03 then ${services + 1}::int else ceil(exp(random() * ln(${services}::float8)))::int end as s
        from drawn_reports r, generate_series(1, ${rowsPerReport}::int) place
      ) rows`,
  )
  await run(
    'reports',
    sql`
      insert into reports (id, mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, org_name, email,
                           errors, policy, records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
      overriding system value
      select r.id, (select id from mails limit 1), 'xml', 'counted', sha256(r.id::text::bytea), 1000, domain_id, reporter_id, 'report-' || r.id, day,
        day + interval '1 day', day, 'r' || reporter_id, 'dmarc@r' || reporter_id || '.example', '[]', '{"p": "none", "adkim": "r", "aspf": "r"}',
        ${rowsPerReport}::int, sums.messages, sums.pass, sums.pass, 0, '[]'
      from drawn_reports r
        join (select id, sum(messages) as messages, coalesce(sum(messages) filter (where dkim = 'pass'), 0) as pass from drawn group by id) sums
          on sums.id = r.id
      order by r.id`,
  )
  await sql`select setval(pg_get_serial_sequence('reports', 'id'), max(id)) from reports`.execute(db)
  await run(
    'ways',
    sql`
      insert into ways (source_ip, author_domain_id, auth_set_id, sender_id, proof, identified_with)
      select source_ip, domain_id, (domain_id - 1) * ${services + 1}::int + s,
        case when s > ${services}::int then ${services + 1}::int + (source_ip - '10.0.0.0'::inet) / 65536 % ${forgers}::int else s end, 'bench', 'bench'
      from (select distinct source_ip, domain_id, s from drawn) used`,
  )
  await run(
    'records',
    sql`
      insert into records (report_id, messages, way_id, day, domain_id, reporter_id, place, verdict_id, counted)
      select d.id, d.messages, w.id, d.day, d.domain_id, d.reporter_id, d.place, v.id, true
      from drawn d
        join ways w on w.source_ip = d.source_ip and w.author_domain_id = d.domain_id and w.auth_set_id = (d.domain_id - 1) * ${services + 1}::int + d.s
        join verdicts v on v.disposition = 'none' and v.dkim = d.dkim and v.spf = 'fail' and v.recomputed_dkim = d.dkim and v.recomputed_spf = 'fail'
      order by d.id, d.place`,
  )
  await sql`drop table drawn, drawn_reports`.execute(db)
  await sumUpAll(db, told)
  await sql`update sender_progress set seen = pg_current_xact_id()`.execute(db)
  await run('vacuum', sql`vacuum (analyze)`)
}
