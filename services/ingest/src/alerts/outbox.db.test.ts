import type { Notice } from '@ruadar/alerts'
import { sql } from '@ruadar/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { addWebhookChannel, fireAlert, type WebhookChannel } from '../../../../tests/harness/alert-channels.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { addNotices } from './outbox.ts'

const database = useDatabase()
beforeEach(async () => {
  await sql`truncate channels, deliveries, alerts restart identity cascade`.execute(database().db)
})

const addChannel = (name: string, wish: Partial<WebhookChannel> = {}) =>
  addWebhookChannel(database(), Buffer.alloc(32, 7), { name, url: 'https://hooks.example/x', ...wish })
const hand = (...notices: Notice[]) =>
  database()
    .db.transaction()
    .execute((trx) => addNotices(trx, notices))

/** Names of the channels that were handed something. */
async function handed(): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.name from deliveries d join channels c on c.id = d.channel_id order by d.id`.execute(database().db)
  return rows.map(({ name }) => name)
}

describe('the outbox', () => {
  it('hands a notice to each channel that wants it, once', async () => {
    await addChannel('all')
    await addChannel('other rule', { rules: ['new_sender'] })
    await addChannel('this rule', { rules: ['failing_rise'] })
    await addChannel('other domain', { domains: ['example.net'] })
    await addChannel('this domain', { domains: ['example.com', 'example.net'] })
    await addChannel('off', { enabled: false })
    const notice = await fireAlert(database(), 'failing_rise', 'example.com')
    await hand(notice)
    await hand(notice, notice)
    expect(await handed()).toEqual(['all', 'this rule', 'this domain'])
  })

  it('tells an alert about no domain to channels of any domain', async () => {
    await addChannel('this domain', { domains: ['example.com'] })
    await hand(await fireAlert(database()))
    expect(await handed()).toHaveLength(1)
  })

  it('tells of old mail once, to who hears of new senders', async () => {
    const history: Notice = {
      rule: 'history',
      from: '2026-09-01',
      to: '2026-10-01',
      domains: ['example.com'],
      senders: 3,
      unknown: 1,
      alerts: 2,
    }
    await addChannel('all')
    await addChannel('new senders', { rules: ['new_sender'], domains: ['example.com'] })
    await addChannel('others', { rules: ['quarantine'] })
    await hand(history)
    await hand(history)
    expect(await handed()).toEqual(['all', 'new senders'])
  })

  it('tells an alert again that opened again after a snooze', async () => {
    await addChannel('all')
    const notice = await fireAlert(database())
    const { alertId } = notice
    const open = () => sql`insert into alert_events (alert_id, state) values (${alertId}, 'open')`.execute(database().db)
    await open()
    await hand(notice)
    await hand(notice)
    expect(await handed()).toHaveLength(1)
    await open()
    await hand(notice)
    expect(await handed()).toHaveLength(2)
  })

  it('forgets what the transaction takes back', async () => {
    await addChannel('all')
    const notice = await fireAlert(database())
    const taken = database()
      .db.transaction()
      .execute(async (trx) => {
        await addNotices(trx, [notice])
        throw new Error('taken back')
      })
    await expect(taken).rejects.toThrow('taken back')
    expect(await handed()).toEqual([])
  })
})
