import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { sumUpAll } from '../../../../tests/harness/sums.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

/** What is watched of a connection of the pool. */
interface Client {
  query(text: string, values: unknown[]): unknown
}

/** Every statement that a question asks, explained. */
async function plansOf(path: string): Promise<string> {
  const { pool } = service().database
  const asked: { text: string; values: unknown[] }[] = []
  const watched = new Map<Client, Client['query']>()
  const watch = (client: Client) => {
    if (watched.has(client)) return
    const query = client.query
    watched.set(client, query)
    client.query = (...args: [string, unknown[]]) => {
      asked.push({ text: args[0], values: args[1] })
      return Reflect.apply(query, client, args)
    }
  }
  pool.on('acquire', watch)
  await service().ask(path)
  pool.off('acquire', watch)
  for (const [client, query] of watched) client.query = query
  const plans: string[] = []
  for (const { text, values } of asked.filter((it) => !it.text.includes('api_tokens') && !/^(begin|commit)/.test(it.text))) {
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values)
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
  }
  if (plans.length === 0) throw new Error(`${path} asks the database nothing`)
  return plans.join('\n\n')
}

describe('plans over two years of mail', () => {
  beforeAll(async () => {
    const { db } = service().database
    // 730 days of 40 sources each for 5 domains, and a month as the question: sums of a month must not read the rest.
    await sql`insert into domains (name) select 'd' || n || '.example' from generate_series(1, 5) n`.execute(db)
    await sql`insert into reporters (name) select 'r' || n || '.example' from generate_series(1, 4) n`.execute(db)
    await sql`insert into author_domains (name) select 'd' || n || '.example' from generate_series(1, 5) n`.execute(db)
    await sql`insert into auth_sets (hash, dkim, spf) select sha256(n::text::bytea), '[]', '[]' from generate_series(1, 3) n`.execute(db)
    await sql`insert into mails (hash, origin, size, state) values ('x', 'import', 1, 'imported')`.execute(db)
    await sql`
      insert into reports (mail_id, part, state, xml_hash, xml_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day, errors, policy,
                           records, messages, dmarc_pass, dkim_aligned, spf_aligned, warnings)
      select (select id from mails), 'xml', 'counted', sha256((d || '-' || r || '-' || day)::bytea), 1, d, r, 'id', date '2024-04-01' + day,
             date '2024-04-02' + day, date '2024-04-01' + day, '[]', '{}', 10, 205, 0, 0, 0, '[]'
      from generate_series(1, 5) d, generate_series(1, 4) r, generate_series(0, 729) day`.execute(db)
    await sql`
      insert into failure_reports (mail_id, part, content_hash, domain_id, reporter_id, source_ip, arrived_at, arrival_reported, incidents,
                                   rcpt_to, authentication_results, dkim, spf_dns, headers, warnings)
      select (select id from mails), 'eml', sha256((d || '-' || n)::bytea), d, 1 + n % 4, ('192.0.2.' || 1 + n % 40)::inet,
             timestamptz '2024-04-01 00:00Z' + n * interval '3 hours', true, 1, '[]', '[]', '{"domain": null, "selector": null, "identity": null}', '[]', '[]', '[]'
      from generate_series(1, 5) d, generate_series(0, 5800) n`.execute(db)
    await sql`insert into sample_openings (failure_report_id, opened_by, addresses_shown) select n, 'ana', false from generate_series(1, 20000) n`.execute(
      db,
    )
    await sql`
      insert into tls_reports (mail_id, part, state, content_hash, json_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day,
                               successful, failed, warnings)
      select mail_id, part, state, xml_hash, 1, domain_id, reporter_id, report_id, begin_at, end_at, day, 90, 10, '[]' from reports`.execute(
      db,
    )
    await sql`
      insert into tls_policies (report_id, place, policy_type, domain_id, day, policy_strings, mx_hosts, successful, failed)
      select id, 1, 'sts', domain_id, day, '[]', '[]', 90, 10 from tls_reports`.execute(db)
    await sql`
      insert into tls_failures (report_id, policy_place, place, result_type, sending_mta_ip, receiving_mx_hostname, sessions)
      select report_id, place, n, 'type-' || n, ('198.51.100.' || n)::inet, 'mx.example.com', 1 from tls_policies, generate_series(1, 5) n`.execute(
      db,
    )
    await sql`
      insert into daily_tls select p.domain_id, p.day, r.reporter_id, 'sts', 90, 10, 1 from tls_policies p join tls_reports r on r.id = p.report_id`.execute(
      db,
    )
    await sql`
      insert into daily_tls_failures
      select p.domain_id, p.day, r.reporter_id, 'sts', f.result_type, f.receiving_mx_hostname, f.sessions
      from tls_failures f join tls_policies p on p.report_id = f.report_id join tls_reports r on r.id = p.report_id`.execute(db)
    await sql`insert into senders (key, name, kind) select 'address:' || n, 's' || n, 'address' from generate_series(1, 40) n`.execute(db)
    await sql`
      insert into ways (source_ip, author_domain_id, auth_set_id, sender_id, proof, identified_with)
      select ('192.0.2.' || s)::inet, d, 1 + s % 3, s, '', 'x' from generate_series(1, 5) d, generate_series(1, 40) s order by d, s`.execute(
      db,
    )
    await sql`select ensure_months(array(select distinct day from reports))`.execute(db)
    await sql`
      insert into records (report_id, messages, way_id, day, domain_id, reporter_id, place, verdict_id, counted)
      select id, 1 + n, (domain_id - 1) * 40 + (reporter_id - 1) * 10 + n, day, domain_id, reporter_id, n,
        (select id from verdicts where disposition = 'none' and dkim = 'fail' and spf = 'fail' and recomputed_dkim = 'fail' and recomputed_spf = 'fail'),
        true
      from reports, generate_series(1, 10) n`.execute(db)
    await sumUpAll(db)
    await sql`
      insert into alerts (rule, key, domain_id, sender_id, day, facts, state)
      select 'new_sender', n::text, 1 + n % 5, 1 + n % 40, date '2024-04-01' + n % 730, '{}',
        case when n % 1000 = 0 then 'open' else 'closed' end::alert_state from generate_series(1, 20000) n`.execute(db)
    await sql`analyze`.execute(db)
  })

  const month = 'from=2026-03-01&to=2026-04-01'
  /** Partitions of these tables that a plan reads from beginning to end, or by index where `scanned` says so. */
  const partitions = (plans: string, scanned: RegExp) =>
    [...plans.matchAll(scanned)].map(([, table, year, day]) => `${table}_${year}_${day}`).filter((name) => !name.endsWith('2026_03'))
  const anyScan = / on ((?:records|daily_\w+?))_(\d{4})_(\d\d)\b/g

  it.each([
    `/summary?${month}`,
    `/timeline?${month}&domain=d1.example&dmarc=fail`,
    `/sources?${month}&dmarc=fail&limit=1`,
    `/domains?${month}`,
    `/reporters?${month}&domain=d1.example`,
    `/reports?${month}`,
    `/senders?${month}`,
    `/senders?${month}&domain=d1.example&sort=failing`,
    `/senders/summary?${month}`,
    `/senders/7?${month}`,
    `/senders/7?${month}&domain=d1.example`,
    '/attention',
  ])('%s reads sums of its month alone, and no records but for what it names', async (path) => {
    const plans = await plansOf(path)
    expect(partitions(plans, anyScan)).toEqual([])
    expect(plans).not.toMatch(/Seq Scan on (records_\w+|reports|alerts)\b/)
  })

  it.each([
    `/summary?${month}&domain=d1.example`,
    `/summary?${month}&source=192.0.2.7`,
    `/sources?${month}&domain=d1.example`,
    `/sources/192.0.2.7?${month}`,
    `/sources/192.0.2.7?${month}&domain=d1.example`,
    `/reports?domain=d1.example&${month}&source=192.0.2.7`,
    `/senders?${month}&domain=d1.example&source=192.0.2.7`,
    `/senders/7/sources?${month}`,
    `/summary?${month}&sender=7`,
    `/sources?${month}&sender=7`,
  ])('%s reads the records of its domain or sources by an index, those of its month alone', async (path) => {
    const plans = await plansOf(path)
    expect(partitions(plans, anyScan)).toEqual([])
    expect(plans).toMatch(/Index Scan (using|on) records_2026_03_\w+/)
    expect(plans).not.toMatch(/Seq Scan on (records_\w+|reports|alerts)\b/)
  })

  it.each([
    `/failures?${month}`,
    `/failures?${month}&domain=d1.example`,
    `/failures?${month}&source=192.0.2.7`,
    `/failures/summary?${month}`,
    '/failures/77',
    `/tls?${month}`,
    `/tls?${month}&domain=d1.example`,
    `/tls/timeline?${month}`,
    `/tls/failures?${month}`,
    `/tls/failures?${month}&domain=d1.example`,
    `/tls/reports?${month}`,
    `/tls/reports?${month}&domain=d1.example`,
    '/tls/reports/77',
  ])('%s reads no more of the other kinds than its month', async (path) => {
    const plans = await plansOf(path)
    expect(plans).not.toMatch(/Seq Scan on (failure_reports|tls_\w+|daily_\w+|sample_openings)\b/)
  })

  it('reads the records of one report by its key', async () => {
    const plans = await plansOf('/reports/77/records?limit=5')
    expect(plans).toMatch(/Index Scan (using|on) records_\w*report_id_idx/)
    expect(plans).not.toMatch(/Seq Scan on records_\d/)
  })
})
