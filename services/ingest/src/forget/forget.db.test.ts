import { writeZip } from '@ruadar/reports/generate'
import { sql } from '@ruadar/platform'
import { beforeAll, expect, it } from 'vitest'
import { findDifferences } from '../../../../tests/harness/differences.ts'
import { ingestAll, readTotals } from '../../../../tests/harness/ingest.ts'
import { failureMail, tlsJson, tlsPolicy } from '../../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { testMail, testXml } from '../../../../tests/harness/reports.ts'
import { countSpans, makeAllSpans } from '../../../../tests/harness/spans.ts'
import { createDictionary } from '../store/dictionary.ts'
import { loadNaming } from '../senders/naming.ts'
import { followReports } from '../senders/pass.ts'
import { countKnown, forgetDomain } from './forget.ts'

const database = useDatabase()
const gone = 'gone.example'
const kept = 'kept.example'
const mine = (domain: string, reportId: string, day: number, count: number) => ({
  domain,
  reportId,
  day,
  records: [
    { count, headerFrom: domain, sourceIp: domain === gone ? '192.0.2.7' : '198.51.100.7' },
    { count, sourceIp: '203.0.113.9' },
  ],
})

/** Tables and how many of their rows say a name anywhere; bytes of mails are not looked into. */
async function findMentions(name: string): Promise<string[]> {
  const { db } = database()
  const { rows: tables } = await sql<{ table: string }>`
    select relname as table from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`.execute(
    db,
  )
  const found: string[] = []
  for (const { table } of tables) {
    const { rows } = await sql<{ rows: number }>`
      select count(*) as rows from ${sql.table(table)} t where (to_jsonb(t) - 'raw')::text ilike ${`%${name}%`}`.execute(db)
    if (rows[0]?.rows) found.push(table)
  }
  return found.sort()
}

async function follow(): Promise<void> {
  await followReports(database().db, await loadNaming(database().db, undefined))
}

beforeAll(async () => {
  const { db } = database()
  const both = writeZip([
    { name: `receiver.example!${gone}!1!2.xml`, bytes: Buffer.from(testXml(mine(gone, 'mixed', 3, 10))) },
    { name: `receiver.example!${kept}!1!2.xml`, bytes: Buffer.from(testXml(mine(kept, 'mixed', 3, 20))) },
  ])
  const repeated = mine(gone, 'repeated', 6, 4)
  await ingestAll(database(), [
    both,
    ...[1, 2, 14].map((day) => testMail(mine(gone, `gone ${day}`, day, 100))),
    ...[1, 2, 15].map((day) => testMail(mine(kept, `kept ${day}`, day, 7))),
    ...(['gzip', 'zip'] as const).map((wrapping) => testMail(repeated, wrapping)),
    tlsJson({ policies: [tlsPolicy({ policyDomain: gone }), tlsPolicy({ policyDomain: kept })] }),
    tlsJson({ policies: [tlsPolicy({ policyDomain: gone })] }),
    failureMail({ reportedDomain: gone }),
    failureMail({ reportedDomain: kept }),
  ])
  await ingestAll(database(), [testMail(mine(gone, 'repeated', 6, 5))]) // a conflict
  await ingestAll(database(), [testMail(mine(gone, 'refused', 8, 5))], { RUADAR_DOMAINS: kept })
  await follow()
  await makeAllSpans(database())
  const pair = sql`(select domain_id from sender_domains s join domains d on d.id = s.domain_id where d.name = ${gone} limit 1),
    (select sender_id from sender_domains s join domains d on d.id = s.domain_id where d.name = ${gone} limit 1)`
  await sql`insert into decisions (domain_id, sender_id, before, was_decided, state, decided_by) values (${pair}, 'unknown', false, 'own', 'tester')`.execute(
    db,
  )
  await sql`insert into mutes (domain_id, sender_id, created_by) values (${pair}, 'tester')`.execute(db)
  await sql`insert into alerts (domain_id, sender_id, rule, key, day, facts) values (${pair}, 'new_sender', 'k', '2026-01-01', ${JSON.stringify({ domain: gone })}::jsonb)`.execute(
    db,
  )
  await sql`
    insert into channels (name, kind, definition, secrets, language, domains)
    values ('one', 'webhook', '{}', '', 'en', ${[gone]}), ('two', 'webhook', '{}', '', 'en', ${[gone, kept]})`.execute(db)
  await sql`
    insert into deliveries (channel_id, what, key, content)
    select id, 'notice', 'n', ${JSON.stringify({ text: `New sender for ${gone}.` })}::jsonb from channels`.execute(db)
})

it('says what there is of a domain, and nothing of one that it does not know', async () => {
  expect(await countKnown(database(), gone)).toEqual({
    reports: 6,
    records: 12,
    messages: 628,
    tlsReports: 2,
    failureReports: 1,
    decisions: 1,
    alerts: 1,
    refusedMails: 1,
  })
  expect(await countKnown(database(), 'one.example')).toBeUndefined()
})

it('leaves no row of a domain behind, and nothing of another is touched, also when it is ended and run again', async () => {
  const { db } = database()
  const dictionary = createDictionary(db)
  const idOf = (name: string) =>
    db.transaction().execute(async (trx) => {
      await dictionary.hold(trx)
      return dictionary.name('domains', name)
    })
  const before = await idOf(gone)
  expect((await findMentions(gone)).length).toBeGreaterThan(10)
  const spans = await countSpans(database())
  for (const _ of [1, 2, 3, 4]) {
    const ended = forgetDomain(database(), gone, () => {
      throw new Error('ended')
    })
    await expect(ended).rejects.toThrow('ended')
    expect(await findDifferences(database())).toEqual([])
  }
  expect((await countSpans(database())).valid).toBeLessThan(spans.valid)
  await forgetDomain(database(), gone)

  expect(await findMentions(gone)).toEqual([])
  expect((await readTotals(database())).sums).toEqual({ messages: 2 * (20 + 3 * 7), dmarcPass: 2 * (20 + 3 * 7), reports: 4 })
  expect(await findDifferences(database())).toEqual([])
  await follow()
  await makeAllSpans(database())
  expect(await findDifferences(database())).toEqual([])
  const { rows: orphans } = await sql`
    select domain_id from way_spans union select domain_id from domain_spans union select domain_id from spans where domain_id <> 0 union select domain_id from daily_identities
    except select id from domains`.execute(db)
  expect(orphans).toEqual([])
  const { rows } = await sql`
    select (select count(*) from ways w where not exists (select from records r where r.way_id = w.id)) as ways,
      (select count(*) from daily_sources where source_ip = '192.0.2.7') as sources, (select count(*) from mails) as mails,
      (select count(*) from tls_policies) as policies, (select count(*) from failure_reports) as failures,
      (select array_agg(name || ' ' || enabled order by name) from channels) as channels`.execute(db)
  // Left: the archive with both, three reports, the TLS report with both, and the failure report.
  expect(rows[0]).toEqual({ ways: 0, sources: 0, mails: 6, policies: 1, failures: 1, channels: ['one false', 'two true'] })

  const after = await idOf(gone)
  expect(after).not.toBe(before)
  await ingestAll(database(), [testMail(mine(gone, 'again', 2, 3))])
  expect(await findDifferences(database())).toEqual([])
})
