import { createReadStream, readdirSync, readFileSync } from 'node:fs'
import type { Filter } from '@ruadar/contract'
import { type Database, loadArchive, sql, uncompressArchive } from '@ruadar/platform'
import { expect, it } from 'vitest'
import { readFilter } from '../../services/api/src/queries/question.ts'
import { summarise } from '../../services/api/src/queries/summary.ts'
import { loadNaming } from '../../services/ingest/src/senders/naming.ts'
import { followReports } from '../../services/ingest/src/senders/pass.ts'
import { findDifferences } from '../../tests/harness/differences.ts'
import { ingestAll } from '../../tests/harness/ingest.ts'
import { withBareDatabase } from '../../tests/harness/postgres.ts'
import { testMail } from '../../tests/harness/reports.ts'

/*
 * tests/upgrade holds a backup of every earlier schema, each written by the code of its day, and beside it what its own tables said then.
 * A new migration needs the backup of the schema before it: tests/upgrade/make.ts makes it.
 */
const folder = new URL('../../tests/upgrade/', import.meta.url)
const migrations = readdirSync(new URL('../../migrations/', import.meta.url)).filter((name) => /^\d{4}_/.test(name))
const versions = readdirSync(folder)
  .filter((name) => name.endsWith('.backup'))
  .map((name) => name.slice(0, 4))

interface Truth {
  mails: { state: string; mails: number }[]
  outcomes: { outcome: string; outcomes: number }[]
  reports: { state: string; reports: number; messages: number; records: number }[]
  totals: (Required<Pick<Filter, 'domain' | 'disposition' | 'dkim' | 'spf'>> & { day: string; messages: number; records: number })[]
  /** From the schemas that had them. */
  failures?: number
  tlsSessions?: number
}

const ask = async <T>(database: Database, statement: ReturnType<typeof sql<T>>) => (await statement.execute(database.db)).rows

it('has a backup of every schema but the newest', () => {
  expect(versions).toEqual(expect.arrayContaining(migrations.slice(0, -1).map((name) => name.slice(0, 4))))
})

it.each(versions)('upgrades what schema %s holds: every message, record and mail is there again', async (version) => {
  const truth = JSON.parse(readFileSync(new URL(`${version}.json`, folder), 'utf8')) as Truth
  await withBareDatabase(async (database) => {
    const loaded = await loadArchive(database.pool, uncompressArchive(createReadStream(new URL(`${version}.backup`, folder))))
    expect(loaded.migrated).toEqual(migrations.filter((name) => name.slice(0, 4) > version))

    await expectTotals(database, truth)
    expect(await findDifferences(database)).toEqual([])
    // What the schema did not have yet is made from what it had.
    await followReports(database.db, await loadNaming(database.db, undefined))
    expect(await findDifferences(database)).toEqual([])
    // Which sender a source belongs to may be known better than then; its messages stay.
    const [sums] = await ask<{ messages: number }>(database, sql`select sum(messages)::bigint as messages from daily_senders`)
    expect(sums?.messages).toBe(truth.totals.reduce((sum, { messages }) => sum + messages, 0))

    if (version !== versions[0]) return
    // It goes on from there: ids are not given out twice, rows of old days join the old ones.
    await ingestAll(database, [
      testMail({ reporter: 'new.example', reportId: 'after', records: [{ count: 1000 }, { count: 2000, spf: 'fail' }] }),
    ])
    const more = (await summarise(database.db, readFilter({ from: '2026-01-01', to: '2026-01-02' }, new Date()))).messages
    const before = truth.totals.filter(({ day }) => day === '2026-01-01').reduce((sum, { messages }) => sum + messages, 0)
    expect(more).toBe(before + 3000)
    expect(await findDifferences(database)).toEqual([])
  })
})

/** As pages see them: each sum of the truth is a question, and together they are all there is. */
async function expectTotals(database: Database, truth: Truth): Promise<void> {
  const messages = async (filter: Filter) => (await summarise(database.db, readFilter(filter, new Date()))).messages
  const answered = []
  for (const { day, records, messages: _, ...filter } of truth.totals) {
    const to = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
    answered.push({ ...filter, day, records, messages: await messages({ ...filter, from: day, to }) })
  }
  expect(answered).toEqual(truth.totals)
  expect(await messages({ from: '2000-01-01', to: '2040-01-01' })).toBe(truth.totals.reduce((sum, it) => sum + it.messages, 0))
  expect(
    await ask(
      database,
      sql`select state::text, count(*) as reports, sum(messages)::bigint as messages, sum(records)::bigint as records
          from reports group by 1 order by 1`,
    ),
  ).toEqual(truth.reports)
  expect(await ask(database, sql`select state::text, count(*) as mails from mails group by 1 order by 1`)).toEqual(truth.mails)
  expect(await ask(database, sql`select outcome::text, count(*) as outcomes from mail_outcomes group by 1 order by 1`)).toEqual(
    truth.outcomes,
  )
  const [kinds] = await ask(
    database,
    sql`select (select count(*) from failure_reports) as failures,
          (select coalesce(sum(successful + failed), 0)::bigint from tls_policies) as "tlsSessions",
          (select name from users) as "user", (select count(*) from sessions) as sessions,
          (select definition ->> 'note' || encode(secrets, 'hex') from mailboxes) as mailbox`,
  )
  const { failures = 0, tlsSessions = 0 } = truth
  expect(kinds).toEqual({ failures, tlsSessions, user: 'operator', sessions: 0, mailbox: 'tab\t and \\ and ü00ff0a5c' })
}
