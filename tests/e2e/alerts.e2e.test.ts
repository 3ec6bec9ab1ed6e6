import { SeededRandom } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { reverseName } from '../../services/ingest/src/lookups/address.ts'
import { type DnsServer, startDnsServer, type Zone } from '../harness/dns-server.ts'
import { makeDataDir, type Product, startProduct } from '../harness/product.ts'
import {
  historyDay,
  historyDays,
  newService,
  newServiceDay,
  writtenHistory,
  writtenHosts,
  writtenSenders,
} from '../harness/sender-history.ts'
import { startWebHooks, type WebHooks } from '../harness/web-hooks.ts'

const dayMs = 86_400_000
/** The history ends yesterday: what happens in it is news. */
const shift = Math.floor((Date.now() - Date.parse(historyDay(historyDays))) / dayMs)
const patience = { timeout: 60_000, interval: 250 }

let dns: DnsServer
let hooks: WebHooks
let product: Product
let cookie = ''
const dataDir = makeDataDir()

/** Names of the history's addresses, that lead back to them. */
function zone(): Zone {
  const names: Zone = {}
  for (const [address, { ptr }] of writtenHosts) {
    if (ptr === null) continue
    names[reverseName(address)] = { PTR: [ptr] }
    const known = (names[ptr] ??= {})
    const type = address.includes(':') ? 'AAAA' : 'A'
    known[type] = [...(known[type] ?? []), address]
  }
  return names
}

async function start(): Promise<void> {
  product = await startProduct({
    dataDir,
    env: { RUADAR_DNS: dns.address, RUADAR_DNS_PER_SECOND: '1000', RUADAR_ALLOW_PRIVATE_WEBHOOKS: 'true' },
  })
}

async function call<T>(method: string, path: string, body?: object | FormData): Promise<T> {
  const isForm = body instanceof FormData
  const answer = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { cookie, origin: product.url, ...(body && !isForm ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  const [session] = answer.headers.getSetCookie()
  if (session?.startsWith('ruadar_session=')) cookie = session.split(';')[0] ?? ''
  return (answer.status === 204 ? undefined : await answer.json()) as T
}

async function upload(mails: readonly Buffer[]): Promise<void> {
  for (let from = 0; from < mails.length; from += 20) {
    const form = new FormData()
    for (const [index, mail] of mails.slice(from, from + 20).entries())
      form.append('file', new Blob([new Uint8Array(mail)]), `${from + index}.eml`)
    await call('POST', '/reports', form)
  }
}

interface Sender {
  name: string
  state: string
  messages: number
  diagnosis: { code: string } | null
}
interface Alert {
  id: number
  rule: string
  sender: string | null
  senderId: number | null
  day: string
  state: string
}
const period = `from=${historyDay(shift)}&to=${historyDay(shift + historyDays)}`
const listSenders = async () => (await call<{ items: Sender[] }>('GET', `/senders?domain=example.com&${period}&limit=500`)).items
const listAlerts = async () => (await call<{ items: Alert[] }>('GET', '/alerts?domain=example.com')).items
const posted = () => hooks.posts.map(({ json }) => json as { rule?: string; facts?: { sender?: string }; alert?: { rule: string } })

describe('from reports to one alert', () => {
  beforeAll(async () => {
    dns = await startDnsServer(zone())
    hooks = await startWebHooks()
    await start()
    const secret = new URL(product.setupLink ?? '').hash.replace('#secret=', '')
    await call('POST', '/setup', { secret, name: 'admin', password: 'a long enough password' })
    const target = { kind: 'webhook', url: `${hooks.url}/alerts`, signingKey: 'a key of some length' }
    await call('POST', '/channels', { name: 'hooks', language: 'en', rules: null, domains: null, digest: 'none', target })
  })
  afterAll(async () => {
    await product.stop()
    product.remove()
    await hooks.close()
    await dns.close()
  })

  it('names all senders and tells of the new one once, in random order, with duplicates and a kill in the middle', async () => {
    const random = new SeededRandom('e2e')
    const mails = writtenHistory({ shift })
    const shuffled = [...mails, ...mails.slice(0, 30)]
      .map(({ mail }) => ({ mail, place: random.between(0, 1_000_000_000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ mail }) => mail)
    const half = Math.floor(shuffled.length / 2)
    await upload(shuffled.slice(0, half))
    await product.running.end('SIGKILL')
    await start()
    await upload(shuffled.slice(half))

    await vi.waitFor(async () => expect(await listAlerts()).not.toEqual([]), patience)
    await vi.waitFor(async () => expect(await listSenders()).toHaveLength(writtenSenders.length), patience)
    const senders = await listSenders()
    const states = (state: string) => senders.filter((it) => it.state === state).length
    for (const state of ['own', 'approved', 'forwarder', 'unknown', 'rejected']) {
      expect([state, states(state)]).toEqual([state, writtenSenders.filter((it) => it.state === state).length])
    }
    const fired = (await listAlerts()).filter(({ rule }) => rule === 'new_sender')
    expect(fired).toMatchObject([{ sender: 'Brevo (Sendinblue)', day: historyDay(shift + newServiceDay + 1), state: 'open' }])
    expect(newService).toBe('known:brevo')
  })

  it('hands it to the webhook once, also after another start', async () => {
    const about = () => hooks.posts.filter(({ body }) => body.includes('new_sender'))
    await vi.waitFor(() => expect(about()).toHaveLength(1), patience)
    expect(about()[0]?.headers['ruadar-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/)
    await product.stop()
    await start()
    await call('PUT', '/alert-rules/new_sender', { enabled: true, settings: {} }) // all domains are judged anew
    const before = posted().length
    await vi.waitFor(async () => expect(await listAlerts()).not.toEqual([]), patience)
    const [alert] = (await listAlerts()).filter(({ rule }) => rule === 'new_sender')
    await call('POST', '/decisions', { domain: 'example.com', senders: [alert?.senderId], state: 'approved' })
    await vi.waitFor(async () => expect(await call('GET', `/alerts/${alert?.id}`)).toMatchObject({ state: 'closed' }), patience)
    expect(about()).toHaveLength(1)
    expect(posted()).toHaveLength(before)
  })
})
