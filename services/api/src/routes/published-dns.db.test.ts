import type { PublishedDns } from '@ruadar/contract'
import { type DnsServer, startDnsServer } from '@ruadar/tests/harness/dns-server'
import { openResolver } from '@ruadar/ingest'
import { sql } from '@ruadar/platform'
import { catalogue, recordsOf } from '@ruadar/senders'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sumUpStaleDays } from '../../../ingest/src/senders/daily-sums.ts'
import { storeReport } from '../../testing/reports.ts'
import { useService } from '../../testing/service.ts'
import { isInside, walkSpf } from '../published-dns/spf-walk.ts'

/** Known before the service starts: a port that nothing else takes in between. */
const server: DnsServer = await startDnsServer()
let clock = Date.parse('2026-03-31T12:00:00Z')
const service = useService({ settings: { dns: [server.address], dnsPerSecond: 10_000 }, now: () => new Date(clock) })
const silent = useService()

const signer = catalogue.find((it) => recordsOf(it, 'dkim', 'example.com').some(({ known, type }) => known && type === 'CNAME'))
if (!signer) throw new Error('no service of the catalogue has records that are the same for everybody')
const [cname] = recordsOf(signer, 'dkim', 'example.com').filter(({ known, type }) => known && type === 'CNAME')

let senderId = 0
beforeAll(async () => {
  for (const { database } of [service(), silent()]) {
    await storeReport(database, {
      day: '2026-03-30',
      rows: [
        {
          sourceIp: '192.0.2.1',
          count: 9,
          headerFrom: 'example.com',
          auth: {
            dkim: [
              { domain: 'example.com', selector: 'k1', result: 'pass', humanResult: null },
              { domain: 'esp.example', selector: 'x', result: 'pass', humanResult: null },
            ],
            spf: [],
          },
        },
        {
          sourceIp: '198.51.100.1',
          count: 3,
          headerFrom: 'example.com',
          auth: { dkim: [{ domain: 'mail.example.com', selector: 'gone', result: 'fail', humanResult: null }], spf: [] },
        },
      ],
    })
    const { rows } = await sql<{ id: number }>`
      insert into senders (key, name, kind) values (${`known:${signer.id}`}, ${signer.name}, ${signer.kind}) returning id`.execute(
      database.db,
    )
    senderId = rows[0]?.id ?? 0
    await sql`
      update ways set sender_id = ${senderId}::int`.execute(database.db)
    await sql`insert into stale_days (domain_id, day) select distinct domain_id, day from records`.execute(database.db)
    await database.db.transaction().execute(sumUpStaleDays)
  }
})
afterEach(() => {
  server.zone = {}
  server.manner = { kind: 'honest' }
  server.asked = []
  clock += 3_600_000
})
afterAll(() => server.close())

const ask = (path = '/dns?domain=example.com') => service().ask<PublishedDns>(path)
const ofSender = () => ask(`/dns?domain=example.com&sender=${senderId}`)

describe('what is published now', () => {
  it('is the DMARC record of the domain, and whether hosts elsewhere take its reports', async () => {
    const record = 'v=DMARC1; p=none; rua=mailto:d@example.com,mailto:x@reports.example,mailto:y@other.example'
    server.zone = {
      '_dmarc.example.com': { TXT: ['a verification text', record] },
      'example.com._report._dmarc.reports.example': { TXT: ['v=DMARC1;'] },
    }
    expect(await ask()).toMatchObject({
      asked: true,
      askedAt: new Date(clock).toISOString(),
      dmarc: { name: '_dmarc.example.com', records: [record], problem: null },
      reportHosts: [
        { host: 'reports.example', name: 'example.com._report._dmarc.reports.example', accepts: true },
        { host: 'other.example', accepts: false },
      ],
    })
  })

  it('is nothing where nothing is published', async () => {
    expect(await ofSender()).toMatchObject({
      dmarc: { name: '_dmarc.example.com', records: [], problem: null },
      reportHosts: [],
      spf: { records: [], lookUps: 0, problems: [{ code: 'no_record', domain: 'example.com' }], problem: null },
    })
  })

  it('says of a sender which keys are there, revoked, faulty or missing', async () => {
    server.zone = { 'k1._domainkey.example.com': { TXT: ['v=DKIM1; p='] } }
    const { dkim } = await ofSender()
    expect(dkim.map(({ name, state }) => [name, state])).toEqual([
      ['k1._domainkey.example.com', 'revoked'],
      ['gone._domainkey.mail.example.com', 'missing'],
    ])
    expect(server.asked.some((it) => it.includes('esp.example'))).toBe(false)
  })

  it('says whether SPF permits the addresses of a sender, and names its include', async () => {
    server.zone = {
      'example.com': { TXT: ['v=spf1 include:_spf.example.net -all'] },
      '_spf.example.net': { TXT: ['v=spf1 ip4:192.0.2.0/24 ~all'] },
    }
    expect((await ofSender()).spf).toMatchObject({
      lookUps: 1,
      tooMany: false,
      problems: [],
      addresses: [
        { address: '192.0.2.1', permitted: true },
        { address: '198.51.100.1', permitted: false },
      ],
    })
  })

  it('compares the records that a service asks for with what is there', async () => {
    const of = async () => (await ofSender()).records.find(({ name }) => name === cname?.name)
    expect(await of()).toMatchObject({ found: null, state: 'missing' })
    clock += 61_000
    server.zone = { [cname?.name ?? '']: { CNAME: ['somewhere.else.example'] } }
    expect(await of()).toMatchObject({ found: 'somewhere.else.example', state: 'other' })
    clock += 61_000
    server.zone = { [cname?.name ?? '']: { CNAME: [(cname?.value ?? '').toUpperCase()] } }
    expect(await of()).toMatchObject({ state: 'as_expected' })
  })

  it('is kept for a minute', async () => {
    await ask()
    const asked = server.asked.length
    await ask()
    expect(server.asked.length).toBe(asked)
    clock += 60_001
    await ask()
    expect(server.asked.length).toBe(2 * asked)
  })

  it('says what a server did not answer, in time', async () => {
    server.manner = { kind: 'failing', rcode: 'SERVFAIL' }
    const answer = await ofSender()
    expect(answer.dmarc?.problem).toContain('SERVFAIL')
    expect(answer.spf?.problem).toContain('SERVFAIL')
    expect(answer.spf).toMatchObject({ problems: [], addresses: [{ permitted: null }, { permitted: null }] })
    expect(answer.dkim.map(({ state }) => state)).toEqual(['not_answered', 'not_answered'])
    expect(answer.records.every(({ state }) => state === 'not_answered')).toBe(true)
  })

  it('is not asked when look-ups are off', async () => {
    const answer = await silent().ask<PublishedDns>(`/dns?domain=example.com&sender=${senderId}`)
    expect(answer).toEqual({ asked: false, askedAt: null, dmarc: null, reportHosts: [], spf: null, dkim: [], records: [] })
  })

  it.each([
    ['/dns?domain=unknown.example', 404],
    ['/dns?domain=example.com&sender=99999', 404],
    ['/dns', 400],
    ['/dns?domain=example.com&more=1', 400],
  ])('%s is refused with %i: nobody asks the DNS through us for what is not ours', async (path, status) => {
    const { app, bearer } = service()
    expect((await app.inject({ url: `/api/v1${path}`, headers: bearer })).statusCode).toBe(status)
    expect(server.asked).toEqual([])
  })
})

describe('an SPF record', () => {
  const walk = (addresses: string[] = [], include: string | null = null) => {
    const resolver = openResolver({ dns: [server.address] })
    if (!resolver) throw new Error('there is a name server')
    return walkSpf(resolver, 'example.com', { include, addresses })
  }
  const permits = async (record: string, address: string, zone: DnsServer['zone'] = {}) => {
    server.zone = { ...zone, 'example.com': { ...zone['example.com'], TXT: [record] } }
    return (await walk([address])).addresses[0]?.permitted
  }

  it.each([
    ['v=spf1 ip4:192.0.2.1 -all', '192.0.2.1', true],
    ['v=spf1 ip4:192.0.2.0/25 -all', '192.0.2.200', false],
    ['v=spf1 ip6:2001:db8::/32 -all', '2001:db8::5', true],
    ['v=spf1 -ip4:192.0.2.1 +all', '192.0.2.1', false],
    ['v=spf1 ~all', '192.0.2.1', false],
    ['v=spf1', '192.0.2.1', false],
    ['v=spf1 mx -all', '192.0.2.1', null],
    ['v=spf1 mx ip4:192.0.2.1 -all', '192.0.2.1', true],
    ['v=spf1 exists:%{i}.x.example -all', '192.0.2.1', null],
    ['v=spf1 a -all', '192.0.2.1', true],
    ['v=spf1 a:www.example.com/24 -all', '192.0.2.77', true],
    ['v=spf1 include:b.example -all', '203.0.113.9', true],
    ['v=spf1 include:b.example ip4:198.51.100.0/24 -all', '198.51.100.9', true],
    ['v=spf1 redirect=b.example', '203.0.113.9', true],
    ['v=spf1 redirect=b.example -all', '203.0.113.9', false],
    ['v=spf1 include:%{d}.b.example -all', '203.0.113.9', null],
  ])('%s permits %s: %s', async (record, address, answer) => {
    const zone = {
      'example.com': { A: ['192.0.2.1'] },
      'www.example.com': { A: ['192.0.2.5'] },
      'b.example': { TXT: ['v=spf1 -ip4:198.51.100.0/24 ip4:203.0.113.0/24 ~all'] },
    }
    expect(await permits(record, address, zone)).toBe(answer)
  })

  it('is counted with all that it includes, and the walk ends', async () => {
    server.zone = { 'example.com': { TXT: ['v=spf1 include:i0.example -all'] } }
    for (let index = 0; index < 100; index += 1) server.zone[`i${index}.example`] = { TXT: [`v=spf1 include:i${index + 1}.example -all`] }
    expect(await walk()).toMatchObject({ lookUps: 30, tooMany: true })
    expect(server.asked.length).toBeLessThan(40)
  })

  it('that includes itself is noticed', async () => {
    server.zone = { 'example.com': { TXT: ['v=spf1 include:b.example -all'] }, 'b.example': { TXT: ['v=spf1 include:example.com -all'] } }
    expect((await walk()).problems).toEqual([{ code: 'circle', domain: 'example.com', detail: '' }])
  })

  it('has its faults named: several records, unknown terms, includes without a record', async () => {
    server.zone = { 'example.com': { TXT: ['v=spf1 ipv4:192.0.2.1 include:none.example -all'] } }
    expect((await walk()).problems.map(({ code, domain }) => [code, domain])).toEqual([
      ['faulty_term', 'example.com'],
      ['no_record', 'none.example'],
    ])
    server.zone = { 'example.com': { TXT: ['v=spf1 -all', 'v=spf1 +all'] } }
    expect(await walk(['192.0.2.1'])).toMatchObject({ problems: [{ code: 'several_records' }], addresses: [{ permitted: false }] })
  })

  it('names the include of a service wherever it is', async () => {
    server.zone = {
      'example.com': { TXT: ['v=spf1 include:b.example -all'] },
      'b.example': { TXT: ['v=spf1 include:SPF.esp.example. -all'] },
      'spf.esp.example': { TXT: ['v=spf1 -all'] },
    }
    expect((await walk([], 'spf.esp.example')).include).toEqual({ name: 'spf.esp.example', isThere: true })
    expect((await walk([], 'spf.other.example')).include).toEqual({ name: 'spf.other.example', isThere: false })
  })

  it.each([
    ['192.0.2.1', '192.0.2.0/33', false],
    ['192.0.2.1', '192.0.2.0/x', false],
    ['192.0.2.1', '::/0', false],
    ['192.0.2.1', '0.0.0.0/0', true],
    ['2001:db8::1', '2001:db8::/128', false],
  ])('%s in %s: %s', (address, network, answer) => expect(isInside(address, network)).toBe(answer))
})
