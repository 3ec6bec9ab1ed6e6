import type { Notice } from '@ruadar/alerts'
import { createLog, loadSettings, sql } from '@ruadar/platform'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { addWebhookChannel, fireAlert } from '../../../../tests/harness/alert-channels.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { startRedis } from '../../../../tests/harness/redis.ts'
import { startWebHooks, type WebHooks } from '../../../../tests/harness/web-hooks.ts'
import { attemptDelivery } from './attempt.ts'
import { defaultNetwork } from './channels/registry.ts'
import { type DeliveryOptions, startDeliveries } from './deliver.ts'
import { addNotices } from './outbox.ts'

const database = useDatabase()
const secretKey = Buffer.alloc(32, 7)
const settings = { ...loadSettings({ RUADAR_ALLOW_PRIVATE_WEBHOOKS: 'true', RUADAR_PUBLIC_URL: 'https://ruadar.example' }), secretKey }
const quiet = createLog({ logLevel: 'silent' }, 'test')
const patience = { timeout: 20_000, interval: 20 }

let hooks: WebHooks
let dead: WebHooks
const running: { close(): Promise<void> }[] = []
beforeEach(async () => {
  await sql`truncate channels, deliveries, alerts, alert_rules, mutes restart identity cascade`.execute(database().db)
  hooks = await startWebHooks()
  dead = await startWebHooks()
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()))
  await hooks.close()
  await dead.close()
})

async function start(options: Partial<DeliveryOptions> = {}): Promise<{ close(): Promise<void> }> {
  const deliveries = await startDeliveries({ database: database(), settings, log: quiet, pollMs: 30, waits: [20, 20, 20], ...options })
  running.push(deliveries)
  return deliveries
}

const secretUrl = (server: WebHooks) => `${server.url}/a-very-secret-path`
const addChannel = (name: string, url = secretUrl(hooks)) => addWebhookChannel(database(), secretKey, { name, url })
const fire = () => fireAlert(database())
const hand = (...notices: Notice[]) =>
  database()
    .db.transaction()
    .execute((trx) => addNotices(trx, notices))

interface Delivered {
  channel: string
  state: string
  attempts: number
  answers: string[]
}
async function deliveries(): Promise<Delivered[]> {
  const { rows } = await sql<Delivered>`
    select c.name as channel, d.state, d.attempts, array(select a.answer from delivery_attempts a where a.delivery_id = d.id order by a.id) as answers
    from deliveries d join channels c on c.id = d.channel_id order by d.id`.execute(database().db)
  return rows
}
const until = (check: (rows: Delivered[]) => void) => vi.waitFor(async () => check(await deliveries()), patience)
const channelAlerts = async () => {
  const { rows } = await sql<{ state: string; facts: { channel: string } }>`
    select state, facts from alerts where rule = 'channel_failing' order by id`.execute(database().db)
  return rows
}

describe.each(['postgres', 'redis'] as const)('delivery with the queue on %s', (backend) => {
  it('takes each notice to its channel once, though two processes work', async () => {
    const redis = backend === 'redis' ? await startRedis() : null
    try {
      await addChannel('one')
      await addChannel('two')
      const own = { settings: { ...settings, redisUrl: redis?.url ?? null } }
      const both = [await start(own), await start(own)]
      const notices = await Promise.all(Array.from({ length: 15 }, () => fire()))
      await hand(...notices)
      await until((rows) => expect(rows.filter(({ state }) => state === 'delivered')).toHaveLength(30))
      await Promise.all(both.map((one) => one.close()))
      running.length = 0
      const ids = hooks.posts.map(({ headers }) => Number(headers['ruadar-delivery']))
      expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
      expect((await deliveries()).every(({ answers }) => answers.join() === 'HTTP 200: ok')).toBe(true)
    } finally {
      await redis?.stop()
    }
  })
})

describe('a channel that is dead', () => {
  it.each(['closed', 'answering 500', 'hanging'])(
    '(%s) is tried again, reported once through the others, and holds nothing up',
    async (how) => {
      if (how === 'closed') await dead.close()
      Object.assign(dead.answer, { status: 500, hang: how === 'hanging' })
      await addChannel('dead', secretUrl(dead))
      await addChannel('alive')
      await start({ network: { wholeMs: 150 } })
      await hand(await fire(), await fire())
      await until((rows) => {
        const ofDead = rows.filter(({ channel }) => channel === 'dead')
        expect(ofDead.map(({ state, attempts }) => [state, attempts])).toEqual([
          ['given_up', 4],
          ['given_up', 4],
        ])
        expect(rows.filter(({ channel, state }) => channel === 'alive' && state === 'delivered')).toHaveLength(3)
      })
      expect(await channelAlerts()).toMatchObject([{ state: 'open', facts: { channel: 'dead', waiting: expect.any(Number) } }])
      const told = hooks.posts.map(({ json }) => (json as { alert: { rule: string } }).alert.rule)
      expect(told.filter((rule) => rule === 'channel_failing')).toHaveLength(1)
      if (how === 'closed') dead = await startWebHooks()
    },
  )

  it('closes its alert when it works again, and what waits goes at once', async () => {
    dead.answer.status = 500
    const id = await addChannel('dead', secretUrl(dead))
    await start({ waits: [20, 20, 3_600_000] })
    await hand(await fire(), await fire())
    await until((rows) => expect(rows.map(({ attempts }) => attempts)).toEqual([3, 3]))
    expect(await channelAlerts()).toMatchObject([{ state: 'open' }])
    dead.answer.status = 200
    await sql`update deliveries set due_at = now() where id = 1`.execute(database().db)
    await until((rows) => expect(rows.map(({ state }) => state)).toEqual(['delivered', 'delivered']))
    expect(await channelAlerts()).toMatchObject([{ state: 'closed' }])
    const { rows } = await sql`select failures, failing_since, last_failure from channels where id = ${id}`.execute(database().db)
    expect(rows).toEqual([{ failures: 0, failing_since: null, last_failure: 'HTTP 500: ok' }])
  })

  it('is not tried as often when the answer is final', async () => {
    dead.answer.status = 404
    await addChannel('dead', secretUrl(dead))
    await start({ waits: [20, 20, 20, 20, 20, 20] })
    await hand(await fire())
    await until((rows) => expect(rows).toMatchObject([{ state: 'given_up', attempts: 3 }]))
  })

  it('is left alone for as long as it asks', async () => {
    Object.assign(dead.answer, { status: 429, headers: { 'retry-after': '3600' } })
    await addChannel('dead', secretUrl(dead))
    await start()
    await hand(await fire(), await fire())
    await until((rows) => expect(rows.map(({ attempts }) => attempts).toSorted((a, b) => a - b)).toEqual([0, 1]))
    const { rows } = await sql<{ minutes: number }>`
      select round(extract(epoch from paused_until - now()) / 60)::int as minutes from channels`.execute(database().db)
    expect(rows).toEqual([{ minutes: 60 }])
  })

  it('raises no alert when the rule is off', async () => {
    dead.answer.status = 500
    await sql`insert into alert_rules (rule, enabled) values ('channel_failing', false)`.execute(database().db)
    await addChannel('dead', secretUrl(dead))
    await start()
    await hand(await fire())
    await until((rows) => expect(rows).toMatchObject([{ state: 'given_up' }]))
    expect(await channelAlerts()).toEqual([])
  })

  it('gets nothing while it is switched off', async () => {
    await addChannel('off')
    await hand(await fire())
    await sql`update channels set enabled = false`.execute(database().db)
    await start()
    await until((rows) => expect(rows).toMatchObject([{ state: 'given_up', answers: ['The channel is switched off.'] }]))
    expect(hooks.posts).toEqual([])
  })
})

describe('a process that ends', () => {
  it('while it sends leaves the delivery to the next, and does not wait for the other side', async () => {
    hooks.answer.hang = true
    await addChannel('slow')
    const first = await start()
    await hand(await fire())
    await vi.waitFor(() => expect(hooks.posts).toHaveLength(1), patience)
    running.length = 0
    await first.close()
    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 0 }])
    hooks.answer.hang = false
    await start()
    await until((rows) => expect(rows).toMatchObject([{ state: 'delivered', attempts: 1 }]))
    // At least once: the receiver knows the delivery by its id.
    expect(hooks.posts.map(({ headers }) => headers['ruadar-delivery'])).toEqual(['1', '1'])
  })

  it('between sending and noting leaves a claim that runs out, and what it sent is sent again with the same id', async () => {
    await addChannel('one')
    await hand(await fire())
    await sql`update deliveries set claimed_until = now() + interval '1 minute'`.execute(database().db)
    const context = {
      database: database(),
      settings,
      network: { ...defaultNetwork, allowPrivate: true, stopping: new AbortController().signal },
      waits: [],
    }
    expect(await attemptDelivery(context, 1)).toBeNull()
    await sql`update deliveries set claimed_until = now() - interval '1 second'`.execute(database().db)
    expect(await attemptDelivery(context, 1)).toMatchObject({ ok: true })
    expect(await attemptDelivery(context, 1)).toBeNull()
  })

  it('before the clock was set back by a day leaves nothing that waits for a day', async () => {
    const id = await addChannel('one')
    await hand(await fire(), await fire())
    const later = sql`now() + interval '1 day 1 hour'`
    await sql`update channels set paused_until = ${later} where id = ${id}`.execute(database().db)
    await sql`update deliveries set due_at = ${later}, claimed_until = ${later}`.execute(database().db)
    await start()
    await until((rows) => expect(rows.map(({ state }) => state)).toEqual(['delivered', 'delivered']))
    expect(hooks.posts).toHaveLength(2)
  })
})

describe('secrets', () => {
  it('are in no log and no answer, whatever the other side says', async () => {
    const log = createLog({ logLevel: 'silent' }, 'test')
    const lines = [vi.spyOn(log, 'warn'), vi.spyOn(log, 'debug')]
    Object.assign(dead.answer, { status: 500, body: 'cannot post to /a-very-secret-path with a signing key of the test' })
    await addChannel('dead', secretUrl(dead))
    await addChannel('alive')
    await start({ log })
    await hand(await fire())
    await until((rows) => expect(rows.filter(({ state }) => state === 'waiting')).toEqual([]))
    const logged = JSON.stringify(lines.flatMap(({ mock }) => mock.calls))
    const all = JSON.stringify([logged, await deliveries(), await channelAlerts(), hooks.posts.map(({ body }) => body)])
    expect(logged).toContain('could not deliver')
    expect(all).toContain('cannot post to')
    expect(all).not.toMatch(/very-secret|a signing key/)
  })

  it('sealed with another key are told in words', async () => {
    await addChannel('sealed')
    await start({ settings: { ...settings, secretKey: Buffer.alloc(32, 8) } })
    await hand(await fire())
    await until((rows) => expect(rows).toMatchObject([{ state: 'given_up', answers: { 0: expect.stringContaining('RUADAR_SECRET_KEY') } }]))
  })
})

describe('channels that fail at the same moment', () => {
  it('tell of each other without standing in each other’s way', async () => {
    dead.answer.status = 404
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const name of names) await addChannel(name, secretUrl(dead))
    const log = createLog({ logLevel: 'silent' }, 'test')
    const troubles = vi.spyOn(log, 'warn')
    await start({ log, waits: [] })
    await hand(await fire())
    await until((rows) => expect(rows.filter(({ state }) => state === 'waiting')).toEqual([]))
    expect((await channelAlerts()).map(({ facts }) => facts.channel).toSorted((a, b) => a.localeCompare(b))).toEqual(names)
    expect(troubles.mock.calls.filter(([about]) => 'err' in (about as object))).toEqual([])
    expect((await deliveries()).every(({ attempts }) => attempts === 1)).toBe(true)
  })
})
