import { sql } from '@ruadar/platform'
import { beforeAll, expect, inject, it } from 'vitest'
import { loadNaming } from '../../services/ingest/src/senders/naming.ts'
import { followReports } from '../../services/ingest/src/senders/pass.ts'
import { ingestAll } from '../../tests/harness/ingest.ts'
import { useDatabase } from '../../tests/harness/postgres.ts'
import { runRuadar } from '../../tests/harness/process.ts'
import { testMail } from '../../tests/harness/reports.ts'

const database = useDatabase()

/** A command on this file's database. */
async function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number | null; stdout: string }> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database().db)
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${rows[0]?.name}`
  return runRuadar(args, { DATABASE_URL: url.href, RUADAR_READERS: '1', ...env })
}

beforeAll(async () => {
  const mails = ['example.com', 'example.net'].map((domain) =>
    testMail({ domain, reportId: domain, records: [{ count: 4 }, { count: 5 }] }),
  )
  await ingestAll(database(), mails)
  await followReports(database().db, await loadNaming(database().db, undefined))
})

it('says what is past its time and deletes it only when it is told to', async () => {
  const months = { RUADAR_RECORD_MONTHS: '1' }
  const plan = await run(['retention'], months)
  expect([plan.code, plan.stdout]).toEqual([
    0,
    expect.stringMatching(/^Would be deleted:\n {2}records of days before .*: 1 months, about 4 rows/),
  ])
  const done = await run(['retention', '--now'], months)
  expect([done.code, done.stdout]).toEqual([0, expect.stringMatching(/^Now deleted:\n(.|\n)*Deleted: .* 4 records/)])
  expect((await sql`select from records`.execute(database().db)).rows).toEqual([])
})

it('verifies what is left, raw mail included', async () => {
  const { code, stdout } = await run(['verify', '--full'])
  expect([code, stdout]).toEqual([0, expect.stringContaining('2 mails were read again and compared; 0 mails with reports have no bytes')])
})

it('forgets a domain only when it is told to', async () => {
  const asked = await run(['forget', 'example.net'])
  expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(/^Would be deleted: 1 reports with 2 records of 9 messages/)])
  const done = await run(['forget', 'Example.net.', '--yes'])
  expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('example.net is forgotten.')])
  const { rows } = await sql`select name from domains`.execute(database().db)
  expect(rows).toEqual([{ name: 'example.com' }])
})
