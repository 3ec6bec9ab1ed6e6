import { gzipSync } from 'node:zlib'
import { type Database, openQueue, sql } from '@ruadar/platform'
import { describe, expect, it, vi } from 'vitest'
import { ingestAll, quietLog, readOutcomes, readTotals, readWaiting } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { randomMails, testMail, testXml } from '../../../tests/harness/reports.ts'
import { readAgain, setCounted } from './index.ts'
import { storeMails } from './intake.ts'
import { createProcessor } from './process.ts'
import { startReaders } from './reading/pool.ts'
import { sweepOnce } from './sweep.ts'

describe('from raw bytes to rows', () => {
  const database = useDatabase()

  async function readAllAgain(ids: number[]): Promise<void> {
    const queue = await openQueue({ redisUrl: null }, database())
    try {
      expect(await readAgain({ database: database(), queue }, { ids })).toBe(ids.length)
      await readWaiting(database(), queue)
    } finally {
      await queue.close()
    }
  }

  it('counts what the mails say, whatever they are wrapped in', async () => {
    const { mails, truth } = randomMails(60, 'plain')
    const ids = await ingestAll(database(), mails)
    expect((await readOutcomes(database(), ids)).every(({ outcome }) => outcome === 'imported')).toBe(true)
    expect(await readTotals(database())).toEqual({ sums: truth, rows: truth })
  })

  it('counts nothing twice: not the same mail, not the same report in other mails read at the same time', async () => {
    const before = (await readTotals(database())).sums
    const report = { reportId: 'twice', records: [{ count: 7 }] }
    const mails = [
      testMail(report, 'gzip'),
      testMail(report, 'zip'),
      testMail(report, 'plain'),
      Buffer.from(testXml(report)),
      testMail(report, 'gzip'),
    ]
    const ids = await ingestAll(database(), mails)
    expect(ids[4]).toBe(ids[0])
    const outcomes = (await readOutcomes(database(), ids.slice(0, 4))).map(({ outcome }) => outcome).sort()
    expect(outcomes).toEqual(['duplicate', 'duplicate', 'duplicate', 'imported'])
    const { sums } = await readTotals(database())
    expect(sums.messages).toBe(before.messages + 7)
    expect(sums.reports).toBe(before.reports + 1)
  })

  it('sums identical rows of one report', async () => {
    const before = (await readTotals(database())).sums
    await ingestAll(database(), [testMail({ reportId: 'identical rows', records: [{ count: 3 }, { count: 3 }, { count: 3 }] })])
    expect((await readTotals(database())).sums.messages).toBe(before.messages + 9)
  })

  it('keeps a report with a known key and other content as a conflict, and counts it when the operator says so', async () => {
    const before = (await readTotals(database())).sums
    const first = await ingestAll(database(), [testMail({ reportId: 'partial', records: [{ count: 10 }] })])
    const second = await ingestAll(database(), [testMail({ reportId: 'partial', records: [{ count: 10 }, { count: 5, spf: 'fail' }] })])
    const [kept] = await readOutcomes(database(), second)
    expect(kept).toMatchObject({ state: 'conflict', outcome: 'conflict' })
    expect((await readTotals(database())).sums.messages).toBe(before.messages + 10)

    await setCounted(database().db, kept?.reportId ?? 0)
    expect((await readTotals(database())).sums.messages).toBe(before.messages + 15)
    const [other] = await readOutcomes(database(), first)
    await setCounted(database().db, other?.reportId ?? 0)
    await setCounted(database().db, other?.reportId ?? 0)
    expect((await readTotals(database())).sums).toEqual({
      ...before,
      messages: before.messages + 10,
      dmarcPass: before.dmarcPass + 10,
      reports: before.reports + 1,
    })
  })

  it('quarantines what it cannot read, with the reason, and reads on', async () => {
    const cut = gzipSync(testXml({ reportId: 'cut', records: [{}] })).subarray(0, 200)
    const hostile = '<!DOCTYPE f [<!ENTITY a "aaaa">]><feedback>&a;</feedback>'
    const ids = await ingestAll(database(), [cut, Buffer.from(hostile), testMail({ reportId: 'after the bad ones', records: [{}] })])
    const outcomes = await readOutcomes(database(), ids)
    expect(outcomes.map(({ state, code }) => [state, code])).toEqual([
      ['quarantined', 'truncated'],
      ['quarantined', 'doctype'],
      ['imported', null],
    ])
    for (const { message } of outcomes.slice(0, 2)) expect(message).toMatch(/^[A-Z].*\S$/)
  })

  it('takes a report without messages for a sign of life, read again as well', async () => {
    const before = (await readTotals(database())).sums
    const empty = testMail({ reportId: 'nothing to say', records: [{ count: 0, sourceIp: '' }] })
    const ids = await ingestAll(database(), [empty])
    const ended = [{ state: 'ignored', outcome: 'ignored', code: 'null_report', reportId: expect.any(Number) as number }]
    expect(await readOutcomes(database(), ids)).toMatchObject(ended)
    await readAllAgain(ids)
    expect(await readOutcomes(database(), ids)).toMatchObject(ended)
    expect((await readTotals(database())).sums).toEqual({ ...before, reports: before.reports + 1 })
  })

  it('reads the rest of a job when one of its mails cannot be read or stored', async () => {
    const records = Array.from({ length: 2500 }, (_, i) => ({ sourceIp: `2001:db8::${i.toString(16)}` }))
    const ids = await ingestAll(database(), [
      testMail({ reportId: 'first of a job', records: [{}] }),
      Buffer.from('From: a@example.com\nSubject: broken\n\n<feedback><report_metadata>'),
      testMail({ reportId: 'too many rows to be read with others', records }),
      testMail({ reportId: 'last of a job', records: [{}, {}] }),
    ])
    const outcomes = (await readOutcomes(database(), ids)).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['imported', 'quarantined', 'imported', 'imported'])
    const { sums, rows } = await readTotals(database())
    expect(sums).toEqual(rows)
  })

  it('quarantines a mail that needs more time than allowed, and the next one is read', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ sourceIp: `2001:db8::${i.toString(16)}` }))
    const [slow] = await storeMails(database().db, [{ raw: Buffer.from(testXml({ reportId: 'slow', records })), origin: 'upload' }])
    const id = slow?.id ?? 0
    // No machine reads 20,000 records in a millisecond.
    const readers = startReaders({ readers: 1, readSeconds: 0.001, readMemoryMb: 256, limits: {}, sampleBodies: false })
    try {
      await createProcessor({ database: database(), readers, domains: [], sampleBodies: false, log: quietLog })([id])
    } finally {
      await readers.close()
    }
    expect(await readOutcomes(database(), [id])).toMatchObject([{ state: 'quarantined', code: 'read_timeout' }])
    const next = await ingestAll(database(), [testMail({ reportId: 'after the slow one', records: [{}] })])
    expect(await readOutcomes(database(), next)).toMatchObject([{ state: 'imported' }])
  })

  it('quarantines a mail that ends its reader twice, and those of the same job are read', async () => {
    const policies = Array.from({ length: 400_000 }, () => ({ policy: { 'policy-type': 'sts' }, summary: {} }))
    const hungry = JSON.stringify({ 'organization-name': 'a.example', 'report-id': '1', policies })
    const stored = await storeMails(database().db, [
      { raw: testMail({ reportId: 'before the hungry one', records: [{}] }), origin: 'upload' },
      { raw: gzipSync(hungry), origin: 'upload' },
      { raw: testMail({ reportId: 'after the hungry one', records: [{}] }), origin: 'upload' },
    ])
    const ids = stored.map(({ id }) => id)
    const limits = { jsonValues: 10_000_000, jsonBytes: 100_000_000 }
    const readers = startReaders({ readers: 1, readSeconds: 60, readMemoryMb: 40, limits, sampleBodies: false })
    try {
      await createProcessor({ database: database(), readers, domains: [], sampleBodies: false, log: quietLog })(ids)
    } finally {
      await readers.close()
    }
    expect(await readOutcomes(database(), ids)).toMatchObject([
      { state: 'imported' },
      { state: 'quarantined', code: 'read_memory' },
      { state: 'imported' },
    ])
  })

  it('reads a mail whose row is held for a moment by the note of its queueing', async () => {
    const [held] = await storeMails(database().db, [{ raw: testMail({ reportId: 'held', records: [{}] }), origin: 'upload' }])
    const id = held?.id ?? 0
    const readers = startReaders({ readers: 1, readSeconds: 30, readMemoryMb: 256, limits: {}, sampleBodies: false })
    try {
      const processor = createProcessor({ database: database(), readers, domains: [], sampleBodies: false, log: quietLog })
      let reading: Promise<void> | undefined
      await database()
        .db.transaction()
        .execute(async (trx) => {
          await sql`update mails set queued_at = now() where id = ${id}`.execute(trx)
          reading = processor([id])
          await untilBlocked(database())
        })
      await reading
    } finally {
      await readers.close()
    }
    expect(await readOutcomes(database(), [id])).toMatchObject([{ state: 'imported' }])
  })

  it('takes only the Policy Domains that the operator lists', async () => {
    const ids = await ingestAll(
      database(),
      [
        testMail({ reportId: 'listed', domain: 'mail.example.org', records: [{}] }),
        testMail({ reportId: 'not listed', domain: 'example.edu', records: [{}] }),
      ],
      { RUADAR_DOMAINS: 'example.org, example.net' },
    )
    expect((await readOutcomes(database(), ids)).map(({ state, code }) => [state, code])).toEqual([
      ['imported', null],
      ['quarantined', 'unknown_domain'],
    ])
  })

  it('reads a mail again without changing a sum, and finds a mail that was never queued', async () => {
    const before = (await readTotals(database())).sums
    const queue = await openQueue({ redisUrl: null }, database())
    try {
      const { rows } = await sql<{ id: number }>`select id from mails where state in ('imported', 'duplicate', 'conflict')`.execute(
        database().db,
      )
      const mails = await readAgain({ database: database(), queue }, { ids: rows.map(({ id }) => id) })
      expect(mails).toBeGreaterThan(60)
      await sql`update mails set queued_at = null where state = 'stored'`.execute(database().db)
      expect(await sweepOnce(database(), queue)).toBe(mails)
      expect(await sweepOnce(database(), queue)).toBe(0)
      await readWaiting(database(), queue)
    } finally {
      await queue.close()
    }
    expect((await readTotals(database())).sums).toEqual(before)
  })

  it('gives up on a mail that was begun twenty times, and says so; what an earlier reading brought stays', async () => {
    const before = (await readTotals(database())).sums
    const queue = await openQueue({ redisUrl: null }, database())
    const { rows } = await sql<{ id: number }>`
      update mails set state = 'stored', starts = 20 where id = (select min(id) from mails where state = 'imported') returning id`.execute(
      database().db,
    )
    await queue.add([[rows[0]?.id ?? 0]])
    await readWaiting(database(), queue)
    await queue.close()
    expect(await readOutcomes(database(), [rows[0]?.id ?? 0])).toMatchObject([
      { state: 'quarantined', outcome: 'quarantined', code: 'too_many_starts' },
      { outcome: 'imported', reportId: expect.any(Number) as number },
    ])
    expect((await readTotals(database())).sums).toEqual(before)
  })
})

/** Until a session of this database waits for another's lock. */
async function untilBlocked({ db }: Database): Promise<void> {
  await vi.waitFor(async () => {
    const { rows } = await sql<{ blocked: number }>`
      select count(*) as blocked from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`.execute(
      db,
    )
    expect(rows[0]?.blocked).toBeGreaterThan(0)
  })
}
