import { createHmac } from 'node:crypto'
import type { Channel, ChannelInput, ChannelTest, Delivery } from '@ruadar/contract'
import { openSecrets, sql } from '@ruadar/platform'
import { startWebHooks, type WebHooks } from '@ruadar/tests/harness/web-hooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { secretKey, useService } from '../../testing/service.ts'

const service = useService({ settings: { allowPrivateWebhooks: true } })
let hooks: WebHooks
beforeAll(async () => {
  hooks = await startWebHooks()
})
afterAll(() => hooks.close())
beforeEach(async () => {
  hooks.posts.length = 0
  Object.assign(hooks.answer, { status: 200, body: 'ok' })
  await sql`delete from channels`.execute(service().database.db)
})

const signingKey = 'a signing key of the test'
const input = (target: ChannelInput['target'], more: Partial<ChannelInput> = {}): ChannelInput => ({
  name: 'Ours',
  language: 'en',
  rules: null,
  domains: null,
  digest: 'none',
  target,
  ...more,
})
const webhook = (): ChannelInput => input({ kind: 'webhook', url: `${hooks.url}/in/very-secret-path?key=hidden`, signingKey })
const mail = input({
  kind: 'email',
  host: 'mail.example.com',
  port: 465,
  security: 'tls',
  user: 'alerts@example.com',
  password: 'a secret word',
  to: ['ana@example.org', 'ops@example.org'],
})

const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  service().app.inject({ method, url: `/api/v1${url}`, headers: service().bearer, ...(payload ? { payload } : {}) })

async function create(definition: ChannelInput): Promise<Channel> {
  const answer = await call('POST', '/channels', definition)
  expect(answer.statusCode).toBe(201)
  return answer.json<Channel>()
}

async function storedSecrets(id: number): Promise<unknown> {
  const { rows } = await sql<{ secrets: Buffer }>`select secrets from channels where id = ${id}`.execute(service().database.db)
  return rows[0] && openSecrets(rows[0].secrets, secretKey)
}

describe('channels', () => {
  it('are listed without their secrets, of which only the names are told', async () => {
    const made = await create({ ...mail, digest: 'weekly', domains: ['Example.COM'], rules: ['new_sender'] })
    await create(webhook())
    const answer = await call('GET', '/channels')
    expect(answer.body).not.toMatch(/secret word|very-secret|hidden|signing key of/)
    const [first, second] = answer.json<{ items: Channel[] }>().items
    expect(first).toEqual({
      id: made.id,
      name: 'Ours',
      kind: 'email',
      language: 'en',
      enabled: true,
      rules: ['new_sender'],
      domains: ['example.com'],
      digest: 'weekly',
      digestHour: 6,
      target: {
        host: 'mail.example.com',
        port: 465,
        security: 'tls',
        user: 'alerts@example.com',
        to: ['ana@example.org', 'ops@example.org'],
      },
      secrets: ['password'],
      address: 'ana@example.org, ops@example.org',
      status: 'new',
      lastSuccessAt: null,
      lastFailureAt: null,
      lastFailure: null,
      failingSince: null,
      waiting: 0,
    })
    expect(second).toMatchObject({ kind: 'webhook', address: new URL(hooks.url).host, secrets: ['url', 'signingKey'], target: {} })
  })

  it('keep a secret that is left out for the same server only', async () => {
    const { id } = await create(mail)
    const target = { ...mail.target, password: '', port: 587, security: 'starttls' } as ChannelInput['target']
    expect((await call('PUT', `/channels/${id}`, { ...mail, target })).json()).toMatchObject({
      target: { port: 587 },
      secrets: ['password'],
    })
    expect(await storedSecrets(id)).toEqual({ password: 'a secret word' })
    const elsewhere = { ...mail, target: { ...target, host: 'mail.example.net' } }
    expect((await call('PUT', `/channels/${id}`, elsewhere)).json()).toMatchObject({ status: 400, code: 'secret_needed' })
  })

  it('do not give a bot token to another server, nor an ntfy token', async () => {
    const bot = await create(input({ kind: 'telegram', token: '123:abc', chatId: '-100', apiUrl: hooks.url }))
    const moved = input({ kind: 'telegram', chatId: '-100', apiUrl: 'https://evil.example' })
    expect((await call('PUT', `/channels/${bot.id}`, moved)).json()).toMatchObject({ code: 'secret_needed' })
    const ntfy = await create(input({ kind: 'ntfy', url: `${hooks.url}/alerts`, token: 'tk_1' }))
    await call('PUT', `/channels/${ntfy.id}`, input({ kind: 'ntfy', url: 'https://evil.example/alerts' }))
    expect(await storedSecrets(ntfy.id)).toEqual({ url: 'https://evil.example/alerts' })
  })

  it.each([
    ['a webhook without an address', { kind: 'webhook', signingKey }, 'secret_needed'],
    ['a webhook without a key', { kind: 'webhook', url: 'https://hooks.example/x' }, 'secret_needed'],
    ['a short key', { kind: 'webhook', url: 'https://hooks.example/x', signingKey: 'short' }, 'bad_channel'],
    ['an address that is none', { kind: 'slack', url: 'hooks.example' }, 'bad_channel'],
    ['a user name in an address', { kind: 'slack', url: 'https://ana@hooks.example/' }, 'bad_channel'],
    ['plain SMTP beyond loopback', { ...mail.target, security: 'plain' }, 'plain_not_allowed'],
    ['an account that is no address, without a sender', { ...mail.target, user: 'alerts' }, 'bad_channel'],
    ['recipients that smuggle headers', { ...mail.target, to: ['a@b.example\r\nBcc: c@d.example'] }, 'validation'],
  ])('refuse %s', async (_, target, code) => {
    const answer = await call('POST', '/channels', input(target as ChannelInput['target']))
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, code])
  })

  it('send digests by e-mail only', async () => {
    expect((await call('POST', '/channels', { ...webhook(), digest: 'daily' })).json()).toMatchObject({ status: 400, code: 'bad_channel' })
  })

  it('are gone after they were deleted', async () => {
    const { id } = await create(mail)
    expect((await call('DELETE', `/channels/${id}`)).statusCode).toBe(204)
    expect((await call('DELETE', `/channels/${id}`)).statusCode).toBe(404)
    expect((await call('POST', `/channels/${id}/test`)).statusCode).toBe(404)
    expect((await call('GET', `/channels/${id}/deliveries`)).statusCode).toBe(404)
  })
})

describe('a test message', () => {
  it('arrives signed, and is listed as a delivery', async () => {
    const { id } = await create(webhook())
    const answer = await call('POST', `/channels/${id}/test`)
    expect(answer.json<ChannelTest>()).toMatchObject({ ok: true, answer: 'HTTP 200: ok' })
    const [post] = hooks.posts
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(post?.headers['ruadar-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', signingKey).update(`${t}.${post?.body}`).digest('hex'))
    const { items } = (await call('GET', `/channels/${id}/deliveries`)).json<{ items: Delivery[] }>()
    expect(items).toMatchObject([
      { what: 'test', alertId: null, title: 'Test message of Ruadar', state: 'delivered', nextAttemptAt: null, attempts: [{ ok: true }] },
    ])
    expect((await call('GET', '/channels')).json()).toMatchObject({ items: [{ status: 'working', lastFailure: null }] })
  })

  it('tells what the other side says without any secret of the channel', async () => {
    const { id } = await create(webhook())
    Object.assign(hooks.answer, { status: 404, body: `no hook at /in/very-secret-path?key=hidden for ${signingKey}` })
    const answer = (await call('POST', `/channels/${id}/test`)).json<ChannelTest>()
    expect(answer.ok).toBe(false)
    expect(answer.answer).toMatch(/^HTTP 404: no hook at/)
    const listed = await call('GET', `/channels/${id}/deliveries`)
    for (const text of [answer.answer, listed.body]) expect(text).not.toMatch(/very-secret|hidden|signing key of/)
    expect(listed.json()).toMatchObject({ items: [{ state: 'given_up' }] })
    // Who asked was told: no outage, no alert.
    expect((await call('GET', '/channels')).json()).toMatchObject({ items: [{ status: 'new', failingSince: null }] })
  })
})

describe('a delivery that was given up', () => {
  it('waits again when somebody wishes so', async () => {
    const { id } = await create(webhook())
    const content = JSON.stringify({
      rule: 'quarantine',
      alertId: 5,
      domain: null,
      senderId: null,
      day: '2026-03-01',
      facts: { mails: 2, code: 'x' },
    })
    const { rows } = await sql<{ id: number }>`
      insert into deliveries (channel_id, what, key, content, state, attempts) values (${id}, 'notice', 'alert:5', ${content}::jsonb, 'given_up', 7)
      returning id`.execute(service().database.db)
    const retried = await call('POST', `/channels/${id}/deliveries/${rows[0]?.id}/retry`)
    expect(retried.json()).toMatchObject({ what: 'alert', alertId: 5, title: '2 mails could not be read', state: 'waiting', attempts: [] })
    expect((await call('GET', '/channels')).json()).toMatchObject({ items: [{ waiting: 1 }] })
    expect((await call('POST', `/channels/${id}/deliveries/${rows[0]?.id}/retry`)).json()).toMatchObject({
      status: 409,
      code: 'not_given_up',
    })
  })
})
