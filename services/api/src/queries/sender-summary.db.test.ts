import type { SenderSummary } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeAll, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'

const service = useService()

const states = ['unknown', 'own', 'approved', 'forwarder', 'rejected'] as const
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}`

interface Standing {
  sender: number
  domain: number
  state: (typeof states)[number]
  decided: boolean
  task: 'open' | 'closed' | null
  firstDay: string
  lastDay: string
}

/** What 40 senders are to 8 domains, most of them to a few; days, states and tasks go round at different speeds, so that all meet. */
const standings: Standing[] = Array.from({ length: 40 * 8 }, (_, index) => {
  const [sender, domain] = [1 + (index >> 3), 1 + (index & 7)]
  const first = 1 + ((index * 7) % 25)
  return {
    sender,
    domain,
    state: states[(index * 3 + sender) % 5] ?? 'unknown',
    decided: index % 3 === 0,
    task: ([null, 'open', 'closed', null] as const)[(index + sender) % 4] ?? null,
    firstDay: march(first),
    lastDay: march(first + (index % 5)),
  }
}).filter(({ sender, domain }) => (sender * domain) % 3 === 0)

beforeAll(async () => {
  const { db } = service().database
  await sql`insert into domains (name) select 'd' || n || '.example' from generate_series(1, 8) n`.execute(db)
  await addSenders(40)
  await sql`
    insert into sender_domains (sender_id, domain_id, state, decided, task, first_day, last_day)
    select sender, domain, state::sender_state, decided, task, "firstDay", "lastDay" from jsonb_to_recordset(${JSON.stringify(standings)}::jsonb)
      as s (sender int, domain int, state text, decided boolean, task text, "firstDay" date, "lastDay" date)`.execute(db)
  // One that a person decided on before any mail came.
  await sql`insert into sender_domains (sender_id, domain_id, state, decided) values (1, 1, 'rejected', true)`.execute(db)
})

const addSenders = (count: number) =>
  sql`insert into senders (key, name, kind) select 'address:' || random(), 's' || n, 'address' from generate_series(1, ${count}::int) n`.execute(
    service().database.db,
  )

function summaryOf(from: string, to: string): SenderSummary {
  const active = standings.filter(({ firstDay, lastDay }) => firstDay < to && lastDay >= from)
  const count = (fits: (standing: Standing) => boolean) => new Set(active.filter(fits).map(({ sender }) => sender)).size
  const [unknown = 0, own = 0, approved = 0, forwarder = 0, rejected = 0] = states.map((state) => count((it) => it.state === state))
  const undecidedUnknown = count(({ state, decided }) => state === 'unknown' && !decided)
  return { own, approved, forwarder, unknown, rejected, undecidedUnknown, openTasks: count(({ task }) => task === 'open') }
}

const periods = [
  [march(1), '2026-04-01'],
  [march(1), march(4)],
  [march(12), march(13)],
  [march(27), '2026-04-01'],
  ['2026-04-01', '2026-05-01'],
] as const

it('counts a sender once for each state that it has in the period, whether senders are few or many', async () => {
  const ask = async () => {
    for (const [from, to] of periods)
      expect(await service().ask<SenderSummary>(`/senders/summary?from=${from}&to=${to}`), `${from} to ${to}`).toEqual(summaryOf(from, to))
  }
  expect(Object.values(summaryOf(march(12), march(13))).filter((count) => count > 0 && count < 40).length).toBeGreaterThan(4)
  await ask()
  await addSenders(1000)
  await ask()
})
