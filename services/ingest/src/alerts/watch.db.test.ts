import { gzipSync } from 'node:zlib'
import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { ingestAll } from '../../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { testXml } from '../../../../tests/harness/reports.ts'
import { historyDay, writtenHistory } from '../../../../tests/harness/sender-history.ts'
import { loadNaming } from '../senders/naming.ts'
import { followReports } from '../senders/pass.ts'
import { createAlertWatch } from './watch.ts'

const database = useDatabase()
const mails = writtenHistory()

interface Told {
  rule: string
  [fact: string]: unknown
}

/** A round of the background at a time of the clock. */
async function round(now: Date, options: { settleMs?: number; looksUp?: boolean } = {}): Promise<void> {
  await followReports(database().db, await loadNaming(database().db, undefined))
  await createAlertWatch({
    database: database(),
    now: () => now,
    settleMs: 0,
    looksUp: false,
    isRuaPublished: async () => null,
    ...options,
  })()
}

async function told(): Promise<Told[]> {
  const { rows } = await sql<{ content: Told }>`select content from deliveries order by id`.execute(database().db)
  return rows.map(({ content }) => content)
}

const at = (day: number) => new Date(`${historyDay(day)}T06:00:00Z`)

/** As if nothing had ever been said about the reports that are there. */
async function forgetAlerts(): Promise<void> {
  await sql`truncate alerts, deliveries, stale_domains cascade`.execute(database().db)
  await sql`insert into stale_domains (domain_id) select id from domains`.execute(database().db)
}

const countAlerts = async () => (await sql`select id from alerts`.execute(database().db)).rows.length

describe('what people are told', () => {
  beforeAll(async () => {
    await sql`
      insert into channels (kind, name, definition, secrets, language)
      values ('webhook', 'to the test', '{"url": "https://hooks.example.com/a"}', '', 'en')`.execute(database().db)
  })

  it('is each alert as it comes, day by day, and once', async () => {
    let since = 0
    for (const day of [49, 51, 52, 60]) {
      const fresh = mails.filter((it) => it.day >= since && it.day < day)
      await ingestAll(
        database(),
        fresh.map(({ mail }) => mail),
      )
      since = day
      await round(at(day))
      await round(at(day))
    }
    const news = await told()
    expect(news.filter(({ rule }) => rule === 'new_sender')).toMatchObject([
      { domain: 'example.com', facts: { sender: 'Brevo (Sendinblue)' } },
    ])
    expect(news.filter(({ rule }) => rule === 'history')).toEqual([])
  })

  it('is one message when old mail is imported', async () => {
    await forgetAlerts()
    await round(new Date(`${historyDay(200)}T06:00:00Z`))
    await round(new Date(`${historyDay(200)}T06:10:00Z`))
    expect(await told()).toMatchObject([{ rule: 'history', domains: ['example.com'], from: historyDay(0), to: historyDay(59) }])
  })

  it('waits until reports have stopped coming in, are read, and addresses have names', async () => {
    await forgetAlerts()
    await round(at(60), { settleMs: 600_000 })
    expect(await countAlerts()).toBe(0)
    await round(at(60), { looksUp: true })
    expect(await countAlerts()).toBe(0)
    await sql`update source_hosts set attempts = 1`.execute(database().db)
    await sql`update mails set state = 'stored' where id = (select max(id) from mails)`.execute(database().db)
    await round(at(60), { looksUp: true })
    expect(await countAlerts()).toBe(0)
    await sql`update mails set state = 'imported'`.execute(database().db)
    await round(at(60), { looksUp: true })
    expect(await countAlerts()).toBeGreaterThan(0)
  })

  it('does not wait for ever for what cannot be had', async () => {
    await forgetAlerts()
    await sql`update source_hosts set attempts = 0, looked_up_at = null`.execute(database().db)
    await sql`update stale_domains set since = now() - interval '11 minutes'`.execute(database().db)
    await round(at(60), { looksUp: true, settleMs: 600_000 })
    expect(await countAlerts()).toBeGreaterThan(0)
  })

  it('is of mails that could not be read, and of a mailbox that cannot be reached until it can', async () => {
    const now = new Date()
    await forgetAlerts()
    await ingestAll(database(), [gzipSync(testXml({ records: [{}] })).subarray(0, 200)])
    await sql`
      insert into mailboxes (definition, status, status_message, failing_since)
      values ('{"name": "reports"}', 'failing', 'The password was refused.', now() - interval '40 minutes')`.execute(database().db)
    await round(now)
    const ofHouse = async () => (await told()).filter(({ domain }) => domain === null)
    expect(await ofHouse()).toMatchObject([
      { rule: 'quarantine', facts: { mails: 1 } },
      { rule: 'mailbox_failing', facts: { mailbox: 'reports', message: 'The password was refused.' } },
    ])
    await sql`update mailboxes set status = 'watching', failing_since = null`.execute(database().db)
    await round(now)
    const { rows } = await sql`select rule, state::text from alerts where domain_id is null order by rule`.execute(database().db)
    expect(rows).toEqual([
      { rule: 'mailbox_failing', state: 'closed' },
      { rule: 'quarantine', state: 'open' },
    ])
    expect(await ofHouse()).toHaveLength(2)
  })
})
