import { openQueue, sql } from '@ruadar/platform'
import { beforeAll, expect, it } from 'vitest'
import { findDifferences } from '../../../tests/harness/differences.ts'
import { ingestAll, readOutcomes, readTotals, readWaiting } from '../../../tests/harness/ingest.ts'
import { tlsJson } from '../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { firstDay, randomMails, testMail } from '../../../tests/harness/reports.ts'
import { makeAllSpans } from '../../../tests/harness/spans.ts'
import { readAgain } from './read-again.ts'
import { applyRetention } from './retention.ts'
import { describePlan, planRetention, type RetentionSettings } from './retention-plan.ts'
import { loadNaming } from './senders/naming.ts'
import { followReports } from './senders/pass.ts'
import { setCounted } from './set-counted.ts'

const database = useDatabase()
const forever: RetentionSettings = { sampleDays: 30, rawMailDays: 0, recordMonths: 0, sumMonths: 0 }
/** All days of randomMails lie in January 2026; one report in February. */
const now = new Date('2026-03-10T00:00:00Z')
let mails: number[] = []
let conflict = 0

const follow = async () => followReports(database().db, await loadNaming(database().db, undefined))

async function sumSenders() {
  const { rows } = await sql`select day, sum(messages)::bigint as messages from daily_senders group by 1 order by 1`.execute(database().db)
  return rows
}

async function monthsOfSpans() {
  const { rows } = await sql<{ month: string }>`
    select 'ways ' || to_char(first_day, 'YYYY-MM') as month from way_spans
    union select 'sources ' || to_char(first_day, 'YYYY-MM') from source_spans
    union select 'domains ' || to_char(first_day, 'YYYY-MM') from domain_spans order by 1`.execute(database().db)
  return rows.map(({ month }) => month)
}

async function countRecords(month: string): Promise<number> {
  const { rows } = await sql<{ records: number }>`
    select count(*) as records from records where day >= ${month}::date and day < (${month}::date + interval '1 month')::date`.execute(
    database().db,
  )
  return rows[0]?.records ?? 0
}

async function apply(settings: Partial<RetentionSettings>) {
  const plan = await planRetention(database().db, { ...forever, ...settings }, now)
  return { lines: describePlan(plan), deleted: await applyRetention(database().db, plan, { ...forever, ...settings }) }
}

beforeAll(async () => {
  const february = testMail({ reportId: 'kept', day: 40, records: [{ count: 4 }] })
  const rivals = [5, 9].map((count) => testMail({ reportId: 'rival', day: 3, records: [{ count }] }))
  mails = await ingestAll(database(), [
    ...randomMails(20, 'retention').mails,
    february,
    ...rivals.slice(0, 1),
    tlsJson({ begin: firstDay, end: firstDay + 86_399 }),
  ])
  const late = await ingestAll(database(), rivals.slice(1))
  conflict = (await readOutcomes(database(), late))[0]?.reportId ?? 0
  await follow()
  await sql`analyze`.execute(database().db) // plans tell what the database has counted last, which may be in the middle of this
})

it('keeps everything unless it is told otherwise, and deletes nothing by planning', async () => {
  expect(await apply({})).toEqual({ lines: [], deleted: { samples: 0, mails: 0, records: 0, sums: 0, reports: 0, tlsReports: 0, left: 0 } })
  const records = await countRecords('2026-01-01')
  const plan = await planRetention(database().db, { ...forever, recordMonths: 1 }, now)
  expect(plan.records).toMatchObject({
    before: '2026-02-01',
    parts: [{ name: '2026_01', from: '2026-01-01', to: '2026-02-01' }],
    rows: records,
  })
  expect(await countRecords('2026-01-01')).toBe(records)
})

it('deletes records of whole months; reports and all sums stay, and nobody takes them for wrong', async () => {
  const { db } = database()
  const records = await countRecords('2026-01-01')
  await makeAllSpans(database())
  expect(await monthsOfSpans()).toEqual([
    'domains 2026-01',
    'domains 2026-02',
    'sources 2026-01',
    'sources 2026-02',
    'ways 2026-01',
    'ways 2026-02',
  ])
  const [totals, senders] = [(await readTotals(database())).sums, await sumSenders()]
  const { lines, deleted } = await apply({ recordMonths: 1 })
  expect(lines).toEqual([expect.stringMatching(`^records of days before 2026-02-01: 1 months, about ${records} rows`)])
  expect(deleted).toMatchObject({ records, sums: 0, reports: 0 })
  expect([await countRecords('2026-01-01'), await countRecords('2026-02-01')]).toEqual([0, 1])
  expect(await monthsOfSpans()).toEqual(['domains 2026-01', 'domains 2026-02', 'sources 2026-01', 'sources 2026-02', 'ways 2026-02'])
  const { rows: sums } = await sql<{ messages: number; reports: number }>`
    select sum(messages)::bigint as messages, sum(reports)::bigint as reports from daily_totals`.execute(db)
  expect(sums[0]).toEqual({ messages: totals.messages, reports: totals.reports })
  expect(await findDifferences(database())).toEqual([])

  // Neither a way that changes its sender, nor a choice, nor reading again touches what can't be made anew.
  await sql`insert into stale_days select distinct domain_id, day from daily_domains where day < '2026-02-01'`.execute(db)
  await follow()
  expect(await sumSenders()).toEqual(senders)
  expect(await setCounted(db, conflict)).toBe('records_deleted')
  const queue = await openQueue({ redisUrl: null }, database())
  await readAgain({ database: database(), queue }, { ids: mails })
  await readWaiting(database(), queue)
  await queue.close()
  await follow()
  expect(await sumSenders()).toEqual(senders)
  expect(await findDifferences(database())).toEqual([])
  expect((await apply({ recordMonths: 1 })).lines).toEqual([])
})

it('counts a report that comes late, and deletes its records the next time', async () => {
  await ingestAll(database(), [testMail({ reportId: 'late', day: 5, records: [{ count: 70 }] })])
  expect((await apply({ recordMonths: 1 })).deleted).toMatchObject({ records: 0, left: 1 }) // sums by sender come first
  await follow()
  expect(await findDifferences(database())).toEqual([])
  expect((await apply({ recordMonths: 1 })).deleted.records).toBe(1)
  expect(await findDifferences(database())).toEqual([])
})

it('deletes sums of whole months with their reports, of TLS as well', async () => {
  const { db } = database()
  const { deleted } = await apply({ recordMonths: 1, sumMonths: 1 })
  expect(deleted.sums).toBeGreaterThan(0)
  const { rows: left } = await sql`
    select day from reports union select day from tls_reports union select day from daily_tls union select day from daily_totals
    union select day from daily_domains union select day from daily_reporters union select day from daily_sources
    union select day from daily_senders union select day from daily_senders_all union select day from daily_senders_summed
    union select day from daily_identities union select date_trunc('month', first_day)::date + 9 from way_spans
    union select date_trunc('month', first_day)::date + 9 from source_spans union select date_trunc('month', first_day)::date + 9 from domain_spans
    union select date_trunc('month', first_day)::date + 9 from spans`.execute(db)
  expect(left).toEqual([{ day: '2026-02-10' }])
  expect(await findDifferences(database())).toEqual([])
  expect((await apply({ recordMonths: 1, sumMonths: 1 })).lines).toEqual([])
})

it('takes the bytes of mails that were read and are old enough', async () => {
  const { db } = database()
  await sql`update mails set stored_at = '2026-03-01'`.execute(db)
  await sql`update mails set stored_at = '2026-01-01' where id = any(${mails.slice(0, 3)})`.execute(db)
  await sql`update mails set state = 'stored' where id = ${mails[0]}`.execute(db)
  const { lines, deleted } = await apply({ rawMailDays: 30 })
  expect(lines).toEqual([expect.stringMatching(/^raw mail stored before 2026-02-08: the bytes of 2 mails, 1 MB$/)])
  expect(deleted.mails).toBe(2)
  const { rows } = await sql<{ id: number }>`select id from mails where raw is null`.execute(db)
  expect(new Set(rows.map((row) => row.id))).toEqual(new Set(mails.slice(1, 3)))
})
