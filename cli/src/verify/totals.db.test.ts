import { loadSettings, sql } from '@ruadar/platform'
import { beforeAll, expect, it } from 'vitest'
import { ingestAll } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { tlsJson } from '../../../tests/harness/other-kinds.ts'
import { randomMails } from '../../../tests/harness/reports.ts'
import { compareTls, compareTlsFailures, findMailsWithoutOutcome } from './mails-and-tls.ts'
import { compareRawMails } from './raw-mails.ts'
import { loadNaming } from '../../../services/ingest/src/senders/naming.ts'
import { followReports } from '../../../services/ingest/src/senders/pass.ts'
import { compareSenders, countPendingDays } from './senders.ts'
import { compareMonth, findMonths } from './totals.ts'

const database = useDatabase()

async function compareAll() {
  const found = []
  for (const month of await findMonths(database().db)) found.push(...(await compareMonth(database(), month, 100)))
  return found
}

beforeAll(async () => {
  await ingestAll(database(), [...randomMails(40, 'verify').mails, tlsJson()])
  const { rows } = await sql`select from daily_tls`.execute(database().db)
  expect(rows).not.toEqual([])
})

it('finds no difference in what ingest has written', async () => {
  expect(await findMonths(database().db)).not.toEqual([])
  expect(await compareAll()).toEqual([])
})

it('leaves sums by sender out until the background has made them, and then names what differs', async () => {
  const { db } = database()
  const compare = async () => (await Promise.all((await findMonths(db)).map((month) => compareSenders(database(), month, 100)))).flat()
  expect(await countPendingDays(database())).toBeGreaterThan(0)
  expect(await compare()).toEqual([])
  await followReports(db, await loadNaming(db, undefined))
  expect(await countPendingDays(database())).toBe(0)
  expect(await compare()).toEqual([])
  await sql`delete from daily_senders where (tableoid, ctid) = (select tableoid, ctid from daily_senders order by 1 desc, 2 desc limit 1)`.execute(
    db,
  )
  await sql`update daily_senders set messages = messages + 1 where (tableoid, ctid) = (select tableoid, ctid from daily_senders order by 1, 2 limit 1)`.execute(
    db,
  )
  expect(await compare()).toHaveLength(6) // each of one domain, and of all: with reporters and without
})

it('names each sum that does not agree: changed, lost, or left over', async () => {
  const { db } = database()
  await sql`update reports set messages = messages + 7 where id = (select min(id) from reports)`.execute(db)
  await sql`update daily_totals set messages = messages + 1 where (tableoid, ctid) = (select tableoid, ctid from daily_totals limit 1)`.execute(
    db,
  )
  await sql`delete from daily_sources where (tableoid, ctid) = (select tableoid, ctid from daily_sources where messages > 0 limit 1)`.execute(
    db,
  )
  await sql`update daily_reporters set reports = reports + 2 where (tableoid, ctid) = (select tableoid, ctid from daily_reporters limit 1)`.execute(
    db,
  )
  await sql`select ensure_months('{2031-05-01}')`.execute(db)
  await sql`
    insert into daily_domains (messages, last_at, domain_id, day, disposition, dkim, spf, records, reports, conflicts)
    select 5, last_at, domain_id, '2031-05-01', disposition, dkim, spf, 1, 0, 0 from daily_domains limit 1`.execute(db)
  const found = await compareAll()
  expect(found.map(({ what }) => what.split(/[ :]/)[0])).toEqual([
    'report',
    'daily_totals',
    'daily_sources',
    'daily_reporters',
    'daily_domains',
  ])
  expect(found[2]?.stored).toBe('0 records, 0 messages')
  expect(found[3]?.stored).not.toBe(found[3]?.right)
  expect(found[4]).toMatchObject({
    what: expect.stringContaining('2031-05-01'),
    stored: '1 records, 5 messages',
    right: '0 records, 0 messages',
  })
})

it('names TLS sums with no report below them, and mails without outcome', async () => {
  const { db } = database()
  expect(await compareTls(db, 100)).toEqual([])
  expect(await findMailsWithoutOutcome(db, 100)).toEqual([])
  await sql`insert into daily_tls select domain_id, day, reporter_id, 'sts', 3, 1, 1 from daily_totals limit 1`.execute(db)
  await sql`delete from mail_outcomes where mail_id = (select min(id) from mails)`.execute(db)
  expect(await compareTls(db, 100)).toMatchObject([
    { stored: '1 reports, 3 successful, 1 failed', right: '0 reports, 0 successful, 0 failed' },
  ])
  expect(await findMailsWithoutOutcome(db, 100)).toMatchObject([{ stored: 'no outcome' }])
})

it('reads raw mails again and names each report that is not what its mail says; mails without bytes are counted', async () => {
  const { db } = database()
  const context = { database: database(), settings: loadSettings({ RUADAR_READERS: '1', RUADAR_DNS: 'off' }) }
  const changed = (await sql<{ id: number }>`select min(id) as id from reports`.execute(db)).rows[0]?.id // by the test above
  const [first] = (await compareRawMails(context, 100)).differences
  expect(first?.what).toMatch(new RegExp(`^aggregate report ${changed} `))
  await sql`update reports set messages = messages - 7 where id = ${changed}`.execute(db)
  expect(await compareRawMails(context, 100)).toEqual({ read: 41, withoutBytes: 0, differences: [] })

  await sql`update mails set raw = null where id = (select mail_id from reports where id = ${changed})`.execute(db)
  await sql`update tls_reports set failed = failed + 1`.execute(db)
  await sql`update reports set xml_hash = sha256('another') where id = ${(changed ?? 0) + 1}`.execute(db)
  const found = await compareRawMails(context, 100)
  expect(found).toMatchObject({ read: 40, withoutBytes: 1 })
  expect(found.differences.map(({ what }) => what.replaceAll(/\d+|, .*/g, ''))).toEqual([
    'mail ',
    'aggregate report  (mail )',
    'tls report  (mail )'.replace(')', ''),
  ])
})

it('names failed TLS sessions that are not what the reports say', async () => {
  const { db } = database()
  expect(await compareTlsFailures(db, 100)).toEqual([])
  await sql`update daily_tls_failures set sessions = sessions + 1`.execute(db)
  expect(await compareTlsFailures(db, 100)).not.toEqual([])
})
