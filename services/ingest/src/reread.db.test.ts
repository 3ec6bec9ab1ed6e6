import { setTimeout as sleep } from 'node:timers/promises'
import { openQueue, sql } from '@ruadar/platform'
import { beforeAll, expect, inject, it } from 'vitest'
import { findDifferences } from '../../../tests/harness/differences.ts'
import { ingestAll, readOutcomes, readTotals, readWaiting } from '../../../tests/harness/ingest.ts'
import { tlsJson } from '../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { runRuadar, startNode } from '../../../tests/harness/process.ts'
import { randomMails, testMail } from '../../../tests/harness/reports.ts'
import { queueAgain, type ReadAgainFilter } from './read-again.ts'
import { loadNaming } from './senders/naming.ts'
import { followReports } from './senders/pass.ts'
import { setCounted } from './set-counted.ts'
import { foldDay } from './store/fold.ts'
import { rollUp } from './store/rollups.ts'
import { sweepOnce } from './sweep.ts'

const database = useDatabase()
const random = randomMails(30, 'reread')
const rivals = [5, 9].map((count) => testMail({ reportId: 'rival', day: 3, domain: 'rival.example', records: [{ count }] }))
const twice = testMail({ reportId: 'twice', day: 4, records: [{ count: 3 }] })
const wrapped = testMail({ reportId: 'twice', day: 4, records: [{ count: 3 }] }, 'zip')
const rightMessages = random.truth.messages + 9 + 3
let rivalIds: number[] = []

async function reread(filter: ReadAgainFilter, env: Record<string, string> = {}): Promise<number> {
  const queue = await openQueue({ redisUrl: null }, database())
  try {
    const { queued } = await queueAgain({ database: database(), queue }, filter)
    let over = false
    const sweeping = (async () => {
      while (!over) await Promise.all([sweepOnce(database(), queue), sleep(100)])
    })()
    await readWaiting(database(), queue, env)
    over = true
    await sweeping
    return queued
  } finally {
    await queue.close()
  }
}

/** What pages and links hang on: which report is which, and which of two counts. */
async function readReports() {
  const { rows } = await sql`
    select r.id, r.mail_id, r.part, r.state, r.chosen, r.messages, r.dmarc_pass, r.records, d.name as domain, p.name as reporter, r.org_name, r.day
    from reports r join domains d on d.id = r.domain_id join reporters p on p.id = r.reporter_id order by r.id`.execute(database().db)
  return rows
}

const readDeviations = async () =>
  (await sql`select reporter_id, code, path, reports from deviations order by 1, 2, 3`.execute(database().db)).rows

/** As an older reader would have stored them that took half of the messages, other verdicts, another organisation; sums and all. */
async function storeAsOldReader(where = sql`true`): Promise<void> {
  await database()
    .db.transaction()
    .execute(async (trx) => {
      const { rows } = await sql<{ id: number; day: string; state: string }>`select id, day, state from reports r where ${where}`.execute(
        trx,
      )
      const counted = rows.filter(({ state }) => state === 'counted').map(({ id }) => ({ reportId: id, after: 0 }))
      const ids = rows.map(({ id }) => id)
      await rollUp(trx, counted, -1)
      await sql`update records set messages = messages * 2 + 1, verdict_id = 1 where report_id = any(${ids}::bigint[])`.execute(trx)
      await sql`delete from records where place = 2 and report_id = any(${ids}::bigint[])`.execute(trx)
      await sql`
        update reports r set org_name = 'misread', changed_in = default, records = c.records, messages = c.messages, dmarc_pass = c.pass,
          dkim_aligned = c.dkim, spf_aligned = c.spf
        from (
          select report_id, count(*) as records, sum(c.messages) as messages, sum(c.messages) filter (where dkim = 'pass' or spf = 'pass') as pass,
            coalesce(sum(c.messages) filter (where dkim = 'pass'), 0) as dkim, coalesce(sum(c.messages) filter (where spf = 'pass'), 0) as spf
          from records c join verdicts v on v.id = c.verdict_id group by 1) c
        where c.report_id = r.id and r.id = any(${ids}::bigint[])`.execute(trx)
      await rollUp(trx, counted, 1)
      for (const day of new Set(rows.map((row) => row.day))) await foldDay(trx, day)
    })
}

beforeAll(async () => {
  const { db } = database()
  await ingestAll(database(), [...random.mails, twice, wrapped, tlsJson()])
  const first = await ingestAll(database(), rivals.slice(0, 1))
  const second = await ingestAll(database(), rivals.slice(1))
  rivalIds = (await readOutcomes(database(), [...first, ...second])).map(({ reportId }) => reportId ?? 0)
  await setCounted(db, rivalIds[1] ?? 0)
  await followReports(db, await loadNaming(db, undefined))
  expect((await readTotals(database())).sums.messages).toBe(rightMessages)
})

it('lets reports take what the reader says now, exactly, and keeps ids, choices and what is right', async () => {
  const { db } = database()
  const right = await readReports()
  const deviations = await readDeviations()
  await storeAsOldReader()
  await sql`update tls_reports set organization = 'misread', warnings = '[]'`.execute(db)
  await followReports(db, await loadNaming(db, undefined))
  expect(await findDifferences(database())).toEqual([])
  expect((await readTotals(database())).sums.messages).not.toBe(rightMessages)
  expect(await reread({})).toBe(random.mails.length + 5)
  for (const _ of [1, 2]) {
    expect((await readTotals(database())).sums).toMatchObject({ messages: rightMessages, reports: random.truth.reports + 2 })
    expect(await readReports()).toEqual(right)
    expect(await readDeviations()).toEqual(deviations)
    await followReports(db, await loadNaming(db, undefined))
    expect(await findDifferences(database())).toEqual([])
    const { rows } = await sql`select 1 from tls_reports where organization = 'misread'`.execute(db)
    expect(rows).toEqual([])
    await reread({ domain: 'example.com' })
  }
})

it('finds another reporter for reports that had one, and the chosen one of two still counts', async () => {
  const { db } = database()
  const right = await readReports()
  await sql`insert into reporters (name) values ('misread.example')`.execute(db)
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; day: string; state: string }>`
      select id, day, state from reports where id = any(${rivalIds}) order by id`.execute(trx)
    const counted = rows.filter(({ state }) => state === 'counted').map(({ id }) => ({ reportId: id, after: 0 }))
    await rollUp(trx, counted, -1)
    for (const table of ['reports', 'records', 'daily_totals', 'daily_reporters'])
      await sql`
        update ${sql.table(table)} set reporter_id = (select id from reporters where name = 'misread.example')
        where ${table.startsWith('daily') ? sql`conflicts > 0` : sql`${sql.ref(table === 'reports' ? 'id' : 'report_id')} = any(${rivalIds})`}`.execute(
        trx,
      )
    await rollUp(trx, counted, 1)
    await sql`update reports set changed_in = default where id = any(${rivalIds})`.execute(trx)
  })
  await followReports(db, await loadNaming(db, undefined))
  expect(await findDifferences(database())).toEqual([])
  // The one that does not count is read first: it must not take the place of the chosen one.
  const mailOf = async (id: number | undefined) =>
    (await sql<{ id: number }>`select mail_id as id from reports where id = ${id}`.execute(db)).rows[0]?.id ?? 0
  await reread({ ids: [await mailOf(rivalIds[0])] })
  expect(await findDifferences(database())).toEqual([])
  await reread({ ids: [await mailOf(rivalIds[1])] })
  await followReports(db, await loadNaming(db, undefined))
  expect(await readReports()).toEqual(right)
  expect(await findDifferences(database())).toEqual([])
})

it('is right at every moment and in the end when the process is killed in the middle', async () => {
  const { db } = database()
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${rows[0]?.name}`
  const env = { DATABASE_URL: url.href }
  const wrong = (await readTotals(database())).sums
  await storeAsOldReader(sql`state = 'counted'`)
  expect((await readTotals(database())).sums).not.toEqual(wrong)
  const killed = startNode('cli/bin/ruadar.js', ['reprocess', '--all', '--wait'], env)
  await killed.waitFor(/mails queued/)
  await killed.end('SIGKILL')
  expect(await findDifferences(database())).toEqual([])
  const { code, output } = await runRuadar(['reprocess', '--all', '--wait'], env)
  expect([code, output]).toEqual([0, expect.stringContaining('mails were read again; 0 of them are in quarantine.')])
  expect((await readTotals(database())).sums).toMatchObject({ messages: rightMessages, reports: random.truth.reports + 2 })
  await followReports(db, await loadNaming(db, undefined))
  expect(await findDifferences(database())).toEqual([])
})

it('takes a report out that is no longer accepted, with its reason; a mail that repeats it is asked as well', async () => {
  const { db } = database()
  const only = { RUADAR_DOMAINS: 'example.com,example.net' }
  await reread({ domain: 'rival.example' }, only)
  const { rows } = await sql`
    select o.code from mail_outcomes o join mails m on m.id = o.mail_id where m.state = 'quarantined' and o.report_id is null`.execute(db)
  expect(rows).toEqual([{ code: 'unknown_domain' }, { code: 'unknown_domain' }])
  expect((await readTotals(database())).sums.messages).toBe(rightMessages - 9)
  await followReports(db, await loadNaming(db, undefined))
  expect(await findDifferences(database())).toEqual([])
  const { rows: left } = await sql`select from daily_domains s join domains d on d.id = s.domain_id where d.name = 'rival.example'`.execute(
    db,
  )
  expect(left).toEqual([])

  const { rows: holder } = await sql<{ id: number; first: number }>`
    select o.mail_id as id, r.mail_id as first from mail_outcomes o join reports r on r.id = o.report_id where r.report_id = 'twice' and o.outcome = 'duplicate'`.execute(
    db,
  )
  await sql`update mails set raw = 'nothing in it' where id = ${holder[0]?.first}`.execute(db)
  await reread({ ids: [holder[0]?.first ?? 0] })
  expect((await readTotals(database())).sums.messages).toBe(rightMessages - 9)
  const { rows: now } = await sql`select mail_id from reports where report_id = 'twice' and state = 'counted'`.execute(db)
  expect(now).toEqual([{ mail_id: holder[0]?.id }])
  expect(await findDifferences(database())).toEqual([])
})
