import { loadSettings, sql } from '@ruadar/platform'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type DnsServer, startDnsServer } from '../../../../tests/harness/dns-server.ts'
import { quietLog } from '../../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { reverseName } from './address.ts'
import { saveLookedUp, takeDue } from './host-table.ts'
import type { LookedUp } from './look-up.ts'
import { openLookups, queueDue, startLookups } from './start.ts'

const database = useDatabase()
const patience = { timeout: 30_000, interval: 20 }
let server: DnsServer
const running: { close(): Promise<void> }[] = []

beforeAll(async () => {
  server = await startDnsServer()
})
afterAll(() => server.close())
beforeEach(() => sql`truncate source_hosts`.execute(database().db))
afterEach(async () => {
  await Promise.all(running.splice(0).map((it) => it.close()))
  server.manner = { kind: 'honest' }
  server.zone = {}
  server.asked = []
})

async function add(...addresses: string[]): Promise<void> {
  await sql`insert into source_hosts (source_ip) select unnest(${addresses}::inet[])`.execute(database().db)
}

interface Row {
  address: string
  ptr: string | null
  confirmed: boolean
  asn: number | null
  problem: string | null
  attempts: number
  origins: object
  isLookedUp: boolean
  dueInMinutes: number
}

async function read(): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select
      host(source_ip) as address, ptr, confirmed, asn, problem, attempts, origins, looked_up_at is not null as "isLookedUp",
      round(extract(epoch from due_at - now()) / 60)::int as "dueInMinutes"
    from source_hosts order by source_ip`.execute(database().db)
  return rows
}

/** Starts look-ups with this server; the addresses that were told as changed. */
async function start(env: Record<string, string> = {}): Promise<string[]> {
  const changed: string[] = []
  running.push(
    await startLookups({
      settings: loadSettings({ RUADAR_DNS: server.address, RUADAR_DNS_PER_SECOND: '10000', ...env }),
      database: database(),
      log: quietLog,
      async onChanged(trx, addresses) {
        // It runs inside the transaction: it sees what was written.
        const { rows } = await sql<{ known: number }>`
          select count(*) as known from source_hosts where source_ip = any(${addresses}::inet[]) and looked_up_at is not null`.execute(trx)
        expect(rows[0]?.known).toBe(addresses.length)
        changed.push(...addresses)
      },
    }),
  )
  return changed
}

const days = (count: number) => count * 24 * 60

describe('look-ups', () => {
  it('write names of what is due, and tell whose facts changed', async () => {
    server.zone = {
      [reverseName('192.0.2.1')]: { PTR: ['mx.example.net'] },
      'mx.example.net': { A: ['192.0.2.1'] },
      [reverseName('2001:db8::1')]: { PTR: ['mx6.example.net'] },
    }
    await add('192.0.2.1', '192.0.2.2', '2001:db8::1', '10.0.0.1')
    const changed = await start()
    await vi.waitFor(async () => expect((await read()).every(({ isLookedUp }) => isLookedUp)).toBe(true), patience)
    expect(await read()).toMatchObject([
      { address: '10.0.0.1', ptr: null, dueInMinutes: days(7) },
      { address: '192.0.2.1', ptr: 'mx.example.net', confirmed: true, dueInMinutes: days(30), origins: { ptr: 'dns' } },
      { address: '192.0.2.2', ptr: null, confirmed: false, dueInMinutes: days(7), problem: null },
      { address: '2001:db8::1', ptr: 'mx6.example.net', confirmed: false, dueInMinutes: days(30) },
    ])
    expect(changed.toSorted()).toEqual(['192.0.2.1', '2001:db8::1'])
    expect(server.asked.some((it) => it.includes('10.in-addr'))).toBe(false)
  })

  it('look at more addresses than jobs have room for, each once', async () => {
    const addresses = Array.from({ length: 700 }, (_, index) => `198.51.${100 + Math.floor(index / 250)}.${index % 250}`)
    await add(...addresses)
    await start()
    await vi.waitFor(async () => expect((await read()).every(({ isLookedUp }) => isLookedUp)).toBe(true), patience)
    expect(server.asked.length).toBe(700)
  })

  it('note a server that is silent, and try again later and later', async () => {
    server.manner = { kind: 'failing', rcode: 'SERVFAIL' }
    await add('192.0.2.1')
    const changed = await start()
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ attempts: 1, isLookedUp: false, dueInMinutes: 5 }]), patience)
    expect((await read())[0]?.problem).toContain('SERVFAIL')
    expect(changed).toEqual([])
  })

  it('end at once although the server is silent, and do their work after the next start', async () => {
    server.manner = { kind: 'silent' }
    await add('192.0.2.1')
    await start()
    await vi.waitFor(() => expect(server.asked.length).toBeGreaterThan(0), patience)
    await running.splice(0)[0]?.close()
    expect(await read()).toMatchObject([{ attempts: 0, problem: null, isLookedUp: false }])
    server.manner = { kind: 'honest' }
    server.zone = { [reverseName('192.0.2.1')]: { PTR: ['mx.example.net'] } }
    await start()
    await vi.waitFor(async () => expect(await read()).toMatchObject([{ ptr: 'mx.example.net' }]), patience)
  })

  it('do nothing when they are off', async () => {
    await add('192.0.2.1')
    await start({ RUADAR_DNS: 'off' })
    expect(running.length).toBe(1)
    expect(await read()).toMatchObject([{ isLookedUp: false, attempts: 0, dueInMinutes: 0 }])
    expect(server.asked).toEqual([])
  })

  it('name a file of address data that cannot be read before they start', async () => {
    await expect(start({ RUADAR_MMDB: '/nowhere/asn.mmdb' })).rejects.toThrow('/nowhere/asn.mmdb')
  })
})

describe('the queue', () => {
  it('is not filled beyond what is worked off soon, and holds an address once', async () => {
    await add(...Array.from({ length: 600 }, (_, index) => `203.0.${100 + Math.floor(index / 250)}.${index % 250}`))
    const queue = await openLookups({ redisUrl: null }, database())
    try {
      expect(await queueDue(database().db, queue)).toBe(500)
      expect(await queueDue(database().db, queue)).toBe(0)
      expect(await queue.depth()).toEqual({ waiting: 25, active: 0 })
      expect(await takeDue(database().db, 1000)).toHaveLength(100)
      expect(await takeDue(database().db, 1000)).toEqual([])
      // Whatever becomes of the jobs: the addresses are due again.
      expect((await read()).every(({ dueInMinutes }) => dueInMinutes === 15)).toBe(true)
      const work = await queue.work(async () => {}, { concurrency: 4, onError: () => undefined })
      await vi.waitFor(async () => expect(await queue.depth()).toEqual({ waiting: 0, active: 0 }), patience)
      await work.close()
    } finally {
      await queue.close()
    }
  })
})

describe('what was found', () => {
  const found = (given: Partial<LookedUp> = {}): LookedUp => ({
    address: '192.0.2.1',
    host: { ptr: 'mx.example.net', confirmed: true },
    network: { asn: 64_500, network: 'Example Net', country: 'DE' },
    origins: { ptr: 'dns', asn: 'a.mmdb', network: 'a.mmdb', country: 'a.mmdb' },
    problem: null,
    ...given,
  })

  it('changes something the first time and nothing the second', async () => {
    await add('192.0.2.1')
    expect(await saveLookedUp(database().db, [found()])).toEqual(['192.0.2.1'])
    expect(await saveLookedUp(database().db, [found()])).toEqual([])
    expect(await saveLookedUp(database().db, [])).toEqual([])
  })

  it('stays where it could not be asked again, with where it came from', async () => {
    await add('192.0.2.1')
    await saveLookedUp(database().db, [found()])
    const network = { asn: 64_501, network: 'Other Net', country: 'FR' }
    const halfAsked = found({ host: null, network, origins: { asn: 'b.mmdb', network: 'b.mmdb', country: 'b.mmdb' }, problem: 'no answer' })
    expect(await saveLookedUp(database().db, [halfAsked])).toEqual(['192.0.2.1'])
    expect(await read()).toMatchObject([
      { ptr: 'mx.example.net', confirmed: true, asn: 64_501, problem: 'no answer', attempts: 1, dueInMinutes: 5 },
    ])
    expect((await read())[0]?.origins).toEqual({ ptr: 'dns', asn: 'b.mmdb', network: 'b.mmdb', country: 'b.mmdb' })
    expect(await saveLookedUp(database().db, [found({ host: null, network: null, origins: {}, problem: 'no answer' })])).toEqual([])
    expect((await read())[0]?.origins).toEqual({ ptr: 'dns', asn: 'b.mmdb', network: 'b.mmdb', country: 'b.mmdb' })
  })

  it('is due again after 5 minutes, 10, 20 … a day, and after 30 days once it is there', async () => {
    await add('192.0.2.1')
    const failed = found({ host: null, network: null, origins: {}, problem: 'no answer' })
    const waits: (number | undefined)[] = []
    for (let attempt = 0; attempt < 11; attempt += 1) {
      await saveLookedUp(database().db, [failed])
      waits.push((await read())[0]?.dueInMinutes)
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
    await saveLookedUp(database().db, [found()])
    expect(await read()).toMatchObject([{ attempts: 0, problem: null, dueInMinutes: days(30) }])
  })

  it('goes when the name is gone', async () => {
    await add('192.0.2.1')
    await saveLookedUp(database().db, [found()])
    const gone = found({ host: { ptr: null, confirmed: false }, network: { asn: null, network: null, country: null }, origins: {} })
    expect(await saveLookedUp(database().db, [gone])).toEqual(['192.0.2.1'])
    expect(await read()).toMatchObject([{ ptr: null, asn: null, origins: {}, dueInMinutes: days(7) }])
  })
})
