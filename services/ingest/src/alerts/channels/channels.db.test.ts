import { createHmac } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import type { Notice } from '@ruadar/alerts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWebHooks, type WebHooks } from '../../../../../tests/harness/web-hooks.ts'
import { type ChannelTarget, type Content, type DeliveryError, type Network, type Outgoing } from './channel.ts'
import { composeMessage } from './message.ts'
import { defaultNetwork, send } from './registry.ts'

let hooks: WebHooks
beforeAll(async () => {
  hooks = await startWebHooks()
})
afterAll(() => hooks.close())
beforeEach(() => {
  hooks.posts.length = 0
  Object.assign(hooks.answer, { status: 200, body: 'ok', headers: {}, hang: false })
})

/** A name that tries every medium at once. */
const hostile = '<!channel> @everyone [x](https://evil.example) <b onclick="x">*bold*</b> `code` \u202Egnp\r\nBcc: x@evil.example'
const notice = (sender: string, domain = 'example.com'): Notice => ({
  rule: 'new_sender',
  alertId: 7,
  domain,
  senderId: 3,
  day: '2026-11-24',
  facts: { sender, kind: 'domain', firstDay: '2026-11-20', days: 2, messages: 21, aligned: 0, sources: 5 },
})
const network: Network = { ...defaultNetwork, allowPrivate: true, stopping: new AbortController().signal }

function outgoing(content: Content, publicUrl: string | null = 'https://ruadar.example'): Outgoing {
  const channel = { name: 'Ours', language: 'en' } as const
  return { id: 42, createdAt: new Date('2026-11-24T10:00:00Z'), channel, content, message: composeMessage(content, channel, publicUrl) }
}
const told = (sender = 'Letters') => outgoing({ what: 'notice', notice: notice(sender) })
const sendIt = (target: ChannelTarget, what = told(), more: Partial<Network> = {}) => send(target, what, { ...network, ...more })
const received = <T>() => hooks.posts[0]?.json as T
/** Every text in a JSON document. */
const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []

const signingKey = 'a signing key of the test'
const targets = (): Record<Exclude<ChannelTarget['kind'], 'email'>, ChannelTarget> => ({
  webhook: { kind: 'webhook', url: `${hooks.url}/in`, signingKey },
  slack: { kind: 'slack', url: `${hooks.url}/services/T0/B0/x` },
  teams: { kind: 'teams', url: `${hooks.url}/workflows/1?sig=x` },
  telegram: { kind: 'telegram', token: '123:abc', chatId: '-100', apiUrl: `${hooks.url}/` },
  discord: { kind: 'discord', url: `${hooks.url}/api/webhooks/1/x` },
  ntfy: { kind: 'ntfy', url: `${hooks.url}/alerts`, token: 'tk_1' },
})
const kinds = ['webhook', 'slack', 'teams', 'telegram', 'discord', 'ntfy'] as const

describe('a webhook', () => {
  it('gets the alert as data and in words, signed over its time and body', async () => {
    expect(await sendIt(targets().webhook)).toBe('HTTP 200: ok')
    const [post] = hooks.posts
    expect(post?.headers).toMatchObject({ 'content-type': 'application/json', 'ruadar-delivery': '42', 'user-agent': 'Ruadar' })
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(post?.headers['ruadar-signature'])) ?? []
    expect(v1).toBe(createHmac('sha256', signingKey).update(`${t}.${post?.body}`).digest('hex'))
    expect(Math.abs(Date.now() / 1000 - Number(t))).toBeLessThan(300)
    const { facts } = notice('Letters') as Extract<Notice, { rule: 'new_sender' }>
    expect(post?.json).toEqual({
      version: 1,
      type: 'alert',
      delivery: 42,
      createdAt: '2026-11-24T10:00:00.000Z',
      title: 'New sender for example.com: Letters',
      text: expect.stringContaining('21 messages on 2 days'),
      english: { title: 'New sender for example.com: Letters', text: expect.any(String) },
      alert: {
        id: 7,
        rule: 'new_sender',
        domain: 'example.com',
        senderId: 3,
        day: '2026-11-24',
        facts,
        url: 'https://ruadar.example/alerts/7',
      },
    })
  })

  it('has the same body at each attempt', async () => {
    await sendIt(targets().webhook)
    await sendIt(targets().webhook)
    expect(hooks.posts[1]?.body).toBe(hooks.posts[0]?.body)
  })
})

describe('a chat', () => {
  it('of Slack gets plain text in blocks, with the decisions as buttons', async () => {
    await sendIt(targets().slack)
    expect(received()).toMatchObject({
      text: expect.stringMatching(/^New sender for example\.com: Letters\. Letters sends mail/),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'New sender for example.com: Letters' } },
        { type: 'section', text: { type: 'plain_text' } },
        { type: 'actions', elements: { length: 5, 1: { text: { text: 'Ours' }, url: 'https://ruadar.example/alerts/7?decide=own' } } },
      ],
      unfurl_links: false,
    })
  })

  it('of Teams gets an Adaptive Card whose text is not Markdown', async () => {
    await sendIt(targets().teams)
    const body = received<{ type: string; attachments: { contentType: string; content: { body: object[]; actions: object[] } }[] }>()
    expect(body.type).toBe('message')
    const [card] = body.attachments
    expect(card?.contentType).toBe('application/vnd.microsoft.card.adaptive')
    expect(card?.content).toMatchObject({ type: 'AdaptiveCard', body: [{ type: 'RichTextBlock' }, { type: 'RichTextBlock' }] })
    expect(card?.content.actions[4]).toEqual({
      type: 'Action.OpenUrl',
      title: 'Not ours',
      url: 'https://ruadar.example/alerts/7?decide=rejected',
    })
  })

  it('of Telegram gets text without a parse mode, at the address of the bot', async () => {
    await sendIt(targets().telegram)
    expect(hooks.posts[0]?.path).toBe('/bot123:abc/sendMessage')
    expect(received()).toMatchObject({ chat_id: '-100', text: expect.stringContaining('Open in Ruadar: https://ruadar.example/alerts/7') })
    expect(received()).not.toHaveProperty('parse_mode')
  })

  it('of Discord gets an embed that calls nobody', async () => {
    await sendIt(targets().discord)
    expect(received()).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [{ title: 'New sender for example.com: Letters', url: 'https://ruadar.example/alerts/7' }],
    })
  })

  it('of ntfy gets JSON at the root of the server, with the topic and the token', async () => {
    await sendIt(targets().ntfy)
    expect(hooks.posts[0]).toMatchObject({ path: '/', headers: { authorization: 'Bearer tk_1' } })
    expect(received()).toMatchObject({
      topic: 'alerts',
      title: 'New sender for example.com: Letters',
      priority: 4,
      click: 'https://ruadar.example/alerts/7',
      actions: { length: 3 },
    })
  })
})

describe.each(kinds)('%s', (kind) => {
  it('does no harm with a hostile name', async () => {
    await sendIt(targets()[kind], told(hostile))
    const { alert: _data, ...shown } = received<Record<string, unknown>>()
    const texts = textsOf(shown)
    expect(texts.join()).toContain('everyone')
    for (const text of texts) {
      // oxlint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]|@everyone|https:\/\/evil|\nBcc/)
    }
    if (kind === 'slack') expect(received<{ text: string }>().text).toContain('&lt;!channel&gt;')
    if (kind === 'discord') expect(texts.join()).toContain('\\[x\\]\\(')
  })

  it('carries no link when nobody said where the page is', async () => {
    await sendIt(targets()[kind], outgoing({ what: 'test' }, null))
    expect(hooks.posts[0]?.body.replaceAll('\\', '')).toContain('RUADAR_PUBLIC_URL')
    expect(hooks.posts[0]?.body).not.toMatch(/undefined|null\/|"url":"/)
  })

  it('tells that it cannot be delivered', async () => {
    Object.assign(hooks.answer, { status: 500, body: 'try later' })
    await expect(sendIt(targets()[kind])).rejects.toMatchObject({ message: 'HTTP 500: try later', lasting: false })
  })
})

describe('limits of a medium', () => {
  const endless = 'Ж'.repeat(5000)
  const long = outgoing({ what: 'notice', notice: notice(endless, `${endless}.example`) })
  long.message.title = endless
  long.message.text = endless

  it('are kept for Slack: 150 for a header, 3000 for a section', async () => {
    await sendIt(targets().slack, long)
    const [header, section] = received<{ blocks: { text: { text: string } }[] }>().blocks
    expect([header?.text.text.length, section?.text.text.length]).toEqual([150, 3000])
  })

  it('are kept for Discord: 256 for a title, 4096 for a description, escapes included', async () => {
    await sendIt(targets().discord, { ...long, message: { ...long.message, title: '*'.repeat(5000), text: '*'.repeat(5000) } })
    const [embed] = received<{ embeds: { title: string; description: string }[] }>().embeds
    expect(embed?.title.length).toBeLessThanOrEqual(256)
    expect(embed?.description.length).toBeLessThanOrEqual(4096)
  })

  it('are kept for Telegram: 4096, and for ntfy: 4096 bytes', async () => {
    await sendIt(targets().telegram, long)
    await sendIt(targets().ntfy, long)
    expect(received<{ text: string }>().text.length).toBeLessThanOrEqual(4096)
    const [, toNtfy] = hooks.posts.map(({ json }) => json as { message: string })
    expect(Buffer.byteLength(toNtfy?.message ?? endless)).toBeLessThanOrEqual(4096)
  })

  it('are kept for Teams: 28 KB in all', async () => {
    await sendIt(targets().teams, long)
    expect(Buffer.byteLength(hooks.posts[0]?.body ?? '')).toBeLessThanOrEqual(28_000)
  })
})

describe('an answer', () => {
  const failure = (more: Partial<Network> = {}, target: ChannelTarget = targets().webhook) =>
    sendIt(target, told(), more).then(
      () => null,
      (error: DeliveryError) => error,
    )

  it.each([400, 401, 403, 404, 410])('of %i can hardly get better', async (status) => {
    hooks.answer.status = status
    expect(await failure()).toMatchObject({ lasting: true })
  })

  it.each([408, 429, 500, 502, 503])('of %i may get better', async (status) => {
    hooks.answer.status = status
    expect(await failure()).toMatchObject({ lasting: false, retryAfterMs: null })
  })

  it('of 429 says how long to wait', async () => {
    Object.assign(hooks.answer, { status: 429, headers: { 'retry-after': '120' } })
    expect(await failure()).toMatchObject({ retryAfterMs: 120_000 })
    Object.assign(hooks.answer, { headers: {}, body: '{"ok":false,"parameters":{"retry_after":35}}' })
    expect(await failure({}, targets().telegram)).toMatchObject({ retryAfterMs: 35_000 })
    Object.assign(hooks.answer, { headers: { 'retry-after': '99999999' } })
    expect(await failure()).toMatchObject({ retryAfterMs: 86_400_000 })
  })

  it('that is a redirect is not followed', async () => {
    Object.assign(hooks.answer, { status: 302, headers: { location: `${hooks.url}/elsewhere` } })
    expect(await failure()).toMatchObject({ lasting: true, message: expect.stringContaining('not followed') })
    expect(hooks.posts).toHaveLength(1)
  })

  it('that never comes is not waited for', async () => {
    hooks.answer.hang = true
    expect(await failure({ wholeMs: 200 })).toMatchObject({
      lasting: false,
      message: expect.stringContaining('did not answer within 0.2 s'),
    })
  })

  it('without end is read from its start only', async () => {
    hooks.answer.body = 'x'.repeat(5_000_000)
    expect((await sendIt(targets().webhook)).length).toBeLessThan(5000)
  })
})

describe('private addresses', () => {
  const refused = (url: string, lookup: LookupFunction = network.lookup) =>
    sendIt({ kind: 'slack', url }, told(), { allowPrivate: false, lookup }).then(
      (answer) => answer,
      (error: DeliveryError) => error.message,
    )
  const port = () => new URL(hooks.url).port

  it.each(['127.0.0.1', 'localhost', '[::1]', '127.1', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'are refused when written as %s',
    async (host) => {
      expect(await refused(`https://${host}:${port()}/x`)).toContain('is a private address')
      expect(hooks.posts).toEqual([])
    },
  )

  it('are refused when a name leads there', async () => {
    const lookup: LookupFunction = (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }])
    expect(await refused(`https://hooks.example:${port()}/x`, lookup)).toContain('hooks.example is a private address')
  })

  it('are refused without TLS in any case', async () => {
    expect(await refused(`http://hooks.example:${port()}/x`)).toContain('https://')
  })

  it('are the reason also for a URL that hides them in a user name', async () => {
    expect(await refused(`https://hooks.example@127.0.0.1:${port()}/x`)).toContain('user name')
  })
})
