import { type Database, sql } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import { describe, expect, it } from 'vitest'
import { ingestAll } from '../../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import {
  historyDay,
  newService,
  newServiceDay,
  spoofingNetworks,
  writtenHistory,
  writtenHosts,
  writtenSenders,
} from '../../../../tests/harness/sender-history.ts'
import { createAlertWatch } from '../alerts/watch.ts'
import { loadNaming } from './naming.ts'
import { followReports } from './pass.ts'

/** The clock of the tests: the day after the history's last. */
const now = new Date(`${historyDay(60)}T06:00:00Z`)

/** What the background does in its rounds, look-ups by the history's own resolver included, until nothing changes. */
async function bringUpToDate(database: Database, { alerts = true } = {}): Promise<void> {
  const naming = await loadNaming(database.db, undefined)
  await followReports(database.db, naming)
  await answerLookUps(database)
  await followReports(database.db, naming)
  if (alerts) await createAlertWatch({ database, now: () => now, settleMs: 0, looksUp: true, isRuaPublished: async () => null })()
}

async function answerLookUps({ db }: Database): Promise<void> {
  for (const [address, { ptr, confirmed }] of writtenHosts) {
    await sql`
      update source_hosts set ptr = ${ptr}, confirmed = ${confirmed}, looked_up_at = now(), due_at = now() + interval '1 day', attempts = 1
      where source_ip = ${address}::inet and looked_up_at is null`.execute(db)
    await sql`update ways set identified_with = '' where source_ip = ${address}::inet and ${ptr}::text is not null`.execute(db)
  }
}

interface Standing {
  key: string
  state: string
  diagnosis: string | null
}

async function readStandings({ db }: Database): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select s.key, sd.state::text, sd.diagnosis from sender_domains sd join senders s on s.id = sd.sender_id
    where sd.first_day is not null order by s.key`.execute(db)
  return rows
}

async function readAlerts({ db }: Database): Promise<{ rule: string; sender: string | null; day: string; state: string; facts: object }[]> {
  const { rows } = await sql<{ rule: string; sender: string | null; day: string; state: string; facts: object }>`
    select a.rule, s.key as sender, a.day, a.state::text, a.facts from alerts a left join senders s on s.id = a.sender_id
    where a.state <> 'withdrawn' order by a.rule, s.key, a.day`.execute(db)
  return rows
}

const mails = writtenHistory().map(({ mail }) => mail)
let inOrder: Awaited<ReturnType<typeof readAlerts>> | undefined

describe('a written history of 60 days', () => {
  const database = useDatabase()

  it('names every sender, says what it is to the domain and why it fails', async () => {
    await ingestAll(database(), mails)
    await bringUpToDate(database())
    const expected = writtenSenders.map(({ key, state, diagnosis }) => ({ key, state, diagnosis })).sort((a, b) => (a.key < b.key ? -1 : 1))
    const found = (await readStandings(database())).sort((a, b) => (a.key < b.key ? -1 : 1))
    expect(found).toEqual(expected)
  })

  it('raises one alert for the new service, none for forwarders, and sums up forgers', async () => {
    inOrder = await readAlerts(database())
    const fired = inOrder.filter(({ rule }) => rule === 'new_sender')
    expect(fired).toMatchObject([{ sender: newService, state: 'open', day: historyDay(newServiceDay + 1) }])
    const summedUp = inOrder.filter(({ rule }) => rule === 'spoofing')
    expect(summedUp.length).toBeLessThanOrEqual(2)
    expect(inOrder.length).toBeLessThan(6)
    expect(spoofingNetworks).toBe(40)
  })

  it('sums by sender what the rows say', async () => {
    const { rows } = await sql<{ equal: boolean }>`
      select (select sum(messages) from daily_senders) = (select sum(messages) from daily_sources)
        and (select sum(records) from daily_senders) = (select count(*) from counted_records) as equal`.execute(database().db)
    expect(rows).toEqual([{ equal: true }])
  })

  it('fires nothing twice when all is imported again and judged again', async () => {
    await ingestAll(database(), mails.slice(0, 40))
    await sql`insert into stale_domains (domain_id) select id from domains on conflict do nothing`.execute(database().db)
    await sql`update ways set identified_with = ''`.execute(database().db)
    await bringUpToDate(database())
    expect(await readAlerts(database())).toEqual(inOrder)
  })
})

describe('the same history in random order, with duplicates and a restart in the middle', () => {
  const database = useDatabase()

  it('raises the same alerts', async () => {
    const random = new SeededRandom('order')
    const shuffled = [...mails, ...mails.slice(10, 60)]
      .map((mail) => ({ mail, place: random.between(0, 1_000_000_000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ mail }) => mail)
    const half = Math.floor(shuffled.length / 2)
    await ingestAll(database(), shuffled.slice(0, half))
    // The first process got as far as alerts before it ended; the second goes on with what the tables say.
    await bringUpToDate(database())
    await ingestAll(database(), shuffled.slice(half))
    await bringUpToDate(database())
    const standings = await readStandings(database())
    expect(standings.length).toBe(writtenSenders.length)
    expect(await readAlerts(database())).toEqual(inOrder)
  })
})
