import { openDatabase, sql } from '@ruadar/platform'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { ingestAll, quietLog, readOutcomes } from '../../../../tests/harness/ingest.ts'
import { createDatabase, useDatabase } from '../../../../tests/harness/postgres.ts'
import { findDifferences } from '../../../../tests/harness/differences.ts'
import { countSpans, makeAllSpans } from '../../../../tests/harness/spans.ts'
import { randomMails, testMail } from '../../../../tests/harness/reports.ts'
import { setCounted } from '../set-counted.ts'
import { identifyAnew } from './identify-ways.ts'
import { loadNaming } from './naming.ts'
import { followReports, startSenderPass } from './pass.ts'

const database = useDatabase()
const follow = async (stop?: () => boolean) => followReports(database().db, await loadNaming(database().db, undefined), stop)

/** Sums by sender of each domain and of all, and the records that they are made from. */
async function expectEqualSums(): Promise<void> {
  const sums = async (columns: string, from: string, records = 'sum(records)') =>
    (
      await sql<object>`
        select ${sql.raw(columns)}, sum(messages)::bigint as messages, ${sql.raw(records)}::bigint as records
        from ${sql.raw(from)} group by ${sql.raw(columns)} having ${sql.raw(records)} <> 0 order by ${sql.raw(columns)}`.execute(
        database().db,
      )
    ).rows
  const found = '(select f.*, w.sender_id from counted_records f join ways w on w.id = f.way_id) f'
  for (const [columns, table] of [
    ['domain_id, day, sender_id, reporter_id, disposition, dkim, spf', 'daily_senders'],
    ['day, sender_id, reporter_id, disposition, dkim, spf', 'daily_senders_all'],
  ] as const) {
    const right = await sums(columns, found, 'count(*)')
    expect(right.length).toBeGreaterThan(0)
    expect(await sums(columns, table)).toEqual(right)
  }
}

describe('the pass over new reports', () => {
  it('comes to the same sums wherever it is interrupted', async () => {
    await ingestAll(database(), randomMails(60, 'interrupted').mails)
    let done = false
    for (let steps = 1; !done; steps++) {
      let left = steps
      await follow(() => --left < 0)
      done = left > 0
    }
    await expectEqualSums()
  })

  it('counts each report once while two processes follow and mail comes in', async () => {
    const other = await openDatabase(database().url, { name: 'other' })
    const passes = [database(), other].map((it) => startSenderPass({ database: it, log: quietLog, afterwards: async () => undefined }))
    try {
      await ingestAll(database(), randomMails(80, 'two processes').mails)
      for (let round = 0; round < 3; round++) await Promise.all(passes.map((pass) => pass.run()))
    } finally {
      for (const pass of passes) await pass.close()
      await other.close()
    }
    await follow()
    await expectEqualSums()
  })

  it('misses no report whose transaction ends after those of later ones', async () => {
    const [first] = await ingestAll(database(), [
      testMail({ reportId: 'held back', day: 3, records: [{ count: 5, sourceIp: '192.0.2.77' }] }),
    ])
    // As if its transaction were still running: what it wrote is older than what is committed meanwhile.
    const { rows } = await sql<{ id: number }>`select report_id as id from mail_outcomes where mail_id = ${first}`.execute(database().db)
    const held = await database().pool.connect()
    try {
      await held.query('begin')
      await held.query('update reports set changed_in = default where id = $1', [rows[0]?.id])
      await ingestAll(database(), [testMail({ reportId: 'overtakes', day: 3, records: [{ count: 9, sourceIp: '192.0.2.78' }] })])
      await follow()
      await held.query('commit')
    } finally {
      held.release()
    }
    await follow()
    await expectEqualSums()
  })

  it('does not pass a transaction that runs while others do that are younger than all that have ended', async () => {
    const record = { count: 5, sourceIp: '192.0.2.79' }
    const older = await database().pool.connect()
    const younger = [await database().pool.connect(), await database().pool.connect()]
    const seen = async () => {
      const { rows } = await sql<{ seen: string }>`select seen::text from sender_progress`.execute(database().db)
      return BigInt(rows[0]?.seen ?? 0)
    }
    try {
      await older.query('begin')
      const { rows } = await older.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
      const running = BigInt(rows[0]?.xid ?? 0)
      await ingestAll(database(), [testMail({ reportId: 'ends first', day: 4, records: [record] })])
      for (const one of younger) {
        await one.query('begin')
        await one.query('select pg_current_xact_id()')
      }
      await follow()
      expect(await seen()).toBeLessThan(running)
      await older.query('commit')
      for (const one of younger) await one.query('commit')
      await follow()
      expect(await seen()).toBeGreaterThan(running)
      await expectEqualSums()
    } finally {
      older.release()
      for (const one of younger) one.release()
    }
  })

  it('waits for no transaction of another database', async () => {
    const other = await createDatabase()
    const client = new pg.Client({ connectionString: other.url })
    await client.connect()
    try {
      await client.query('begin')
      await client.query("insert into domains (name) values ('long.example')")
      await ingestAll(database(), [testMail({ reportId: 'not held up', day: 6, records: [{ count: 3 }] })])
      await follow()
      await expectEqualSums()
    } finally {
      await client.end()
      await other.drop()
    }
  })

  it('follows an operator who lets another report count', async () => {
    await ingestAll(database(), [testMail({ reportId: 'switched', day: 4, records: [{ count: 10 }] })])
    const second = await ingestAll(database(), [
      testMail({ reportId: 'switched', day: 4, records: [{ count: 4, sourceIp: '192.0.2.99', spf: 'fail' }] }),
    ])
    await follow()
    await expectEqualSums()
    const [kept] = await readOutcomes(database(), second)
    await setCounted(database().db, kept?.reportId ?? 0)
    await follow()
    await expectEqualSums()
  })

  it('gives mail to another sender when a look-up names its address, with what people decided and the alert that fired', async () => {
    const { db } = database()
    const record = { sourceIp: '203.0.113.200', count: 30, dkim: 'fail' as const, spf: 'fail' as const, auth: { dkim: [], spf: [] } }
    await ingestAll(database(), [testMail({ reportId: 'nameless', day: 5, records: [record] })])
    await follow()
    const senderOf = async () => {
      const { rows } = await sql<{ id: number; key: string; state: string; decided: boolean }>`
        select s.id, s.key, sd.state, sd.decided from ways w join senders s on s.id = w.sender_id
          join sender_domains sd on sd.sender_id = s.id where w.source_ip = '203.0.113.200'`.execute(db)
      return rows[0]
    }
    const before = await senderOf()
    expect(before?.key).toBe('address:203.0.113.200')
    await sql`update sender_domains set state = 'own', decided = true where sender_id = ${before?.id}`.execute(db)
    await sql`
      insert into alerts (rule, key, domain_id, sender_id, day, facts)
      select 'new_sender', ${`sender:${before?.id}:@1@2026-01-06`}, domain_id, sender_id, '2026-01-06', '{}' from sender_domains where sender_id = ${before?.id}`.execute(
      db,
    )
    await sql`update source_hosts set ptr = 'printer.branch.example', confirmed = true, looked_up_at = now() where source_ip = '203.0.113.200'`.execute(
      db,
    )
    await makeAllSpans(database())
    const spans = await countSpans(database())
    await db.transaction().execute((trx) => identifyAnew(trx, ['203.0.113.200']))
    await follow()
    const after = await senderOf()
    // Sums of several days name senders: of the domain the day, four days and half of the month are not asked.
    expect(await countSpans(database())).toEqual({ valid: spans.valid - 3, changed: 3 })
    expect(await findDifferences(database())).toEqual([])
    await makeAllSpans(database())
    expect(await findDifferences(database())).toEqual([])
    expect(after).toMatchObject({ key: 'domain:branch.example', state: 'own', decided: true })
    const { rows: alerts } = await sql`select sender_id as id, key from alerts`.execute(db)
    expect(alerts).toEqual([{ id: after?.id, key: `sender:${after?.id}:@1@2026-01-06` }])
    await expectEqualSums()
  })
})
