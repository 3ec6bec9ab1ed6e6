import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type DnsServer, startDnsServer } from '../../../../tests/harness/dns-server.ts'
import { useMmdbFolder } from '../../../../tests/harness/mmdb.ts'
import { openAddressFiles } from './address-files.ts'
import { reverseName } from './address.ts'
import { createLookUp, type LookUp } from './look-up.ts'
import { openResolver, type Resolver } from './resolver.ts'

let server: DnsServer
let resolver: Resolver

beforeAll(async () => {
  server = await startDnsServer()
  resolver = openResolver({ dns: [server.address] }) as Resolver
})
afterEach(() => {
  server.zone = {}
  server.manner = { kind: 'honest' }
  server.asked = []
})
afterAll(() => server.close())

/** `impatient`: soon done with a server that stays silent. One that answers is waited for, however busy the machine is. */
const lookUp = async (address: string, options: { asnDns?: boolean; files?: string[]; off?: true; impatient?: true } = {}) =>
  createLookUp({
    resolver: options.off ? null : options.impatient ? openResolver({ dns: [server.address] }, { timeout: 100, tries: 2 }) : resolver,
    files: await openAddressFiles(options.files ?? []),
    asnDns: options.asnDns ?? false,
  })(address)

const v4 = '25.2.0.192.in-addr.arpa'
const v6 = reverseName('2001:db8::25')

describe('the name of an address', () => {
  it.each([
    ['192.0.2.25', v4, 'A'],
    ['2001:db8::25', v6, 'AAAA'],
  ] as const)('of %s is confirmed when it leads back', async (address, reverse, type) => {
    server.zone = {
      [reverse]: { PTR: ['MX.Example.NET'] },
      'mx.example.net': { [type]: ['198.51.100.1', address].slice(type === 'A' ? 0 : 1) },
    }
    expect(await lookUp(address)).toEqual({
      address,
      host: { ptr: 'mx.example.net', confirmed: true },
      network: { asn: null, network: null, country: null },
      origins: { ptr: 'dns' },
      problem: null,
    })
  })

  it('is a claim when it leads elsewhere or nowhere', async () => {
    server.zone = { [v4]: { PTR: ['google.com'] }, 'google.com': { A: ['198.51.100.1'] } }
    expect((await lookUp('192.0.2.25')).host).toEqual({ ptr: 'google.com', confirmed: false })
    server.zone = { [v4]: { PTR: ['no.such.example'] } }
    expect((await lookUp('192.0.2.25')).host).toEqual({ ptr: 'no.such.example', confirmed: false })
  })

  it('is the first of several that leads back, by the alphabet and not by the order of the answer', async () => {
    server.zone = {
      [v4]: { PTR: ['d.example.net', 'c.example.net', 'a.example.net', 'b.example.net'] },
      'b.example.net': { A: ['192.0.2.25'] },
      'd.example.net': { A: ['192.0.2.25'] },
    }
    expect((await lookUp('192.0.2.25')).host).toEqual({ ptr: 'b.example.net', confirmed: true })
  })

  it('is found in a delegated part of the reverse zone (RFC 2317)', async () => {
    server.zone = {
      [v4]: { CNAME: ['25.0-63.2.0.192.in-addr.arpa'] },
      '25.0-63.2.0.192.in-addr.arpa': { PTR: ['mx.example.net'] },
      'mx.example.net': { A: ['192.0.2.25'] },
    }
    expect((await lookUp('192.0.2.25')).host).toEqual({ ptr: 'mx.example.net', confirmed: true })
  })

  it('is null where the name server says that there is none', async () => {
    expect(await lookUp('192.0.2.25')).toMatchObject({ host: { ptr: null, confirmed: false }, problem: null })
    server.zone = { [v4]: { TXT: ['no PTR'] } }
    expect(await lookUp('192.0.2.25')).toMatchObject({ host: { ptr: null, confirmed: false }, problem: null })
    expect(await resolver.ptr(v4)).toEqual({ missing: 'nodata' })
    expect(await resolver.ptr('26.2.0.192.in-addr.arpa')).toEqual({ missing: 'nxdomain' })
  })

  it.each([
    [{ kind: 'truncated' }, 'no name server can be reached'],
    [{ kind: 'garbage' }, 'the name server'],
    [{ kind: 'failing', rcode: 'SERVFAIL' }, 'failed (SERVFAIL)'],
    [{ kind: 'failing', rcode: 'REFUSED' }, 'refused to answer'],
  ] as const)('is not known, and nothing is rejected, when the server is %o', async (manner, problem) => {
    server.manner = manner
    const found = await lookUp('192.0.2.25')
    expect(found.host).toBeNull()
    expect(found.problem).toContain(problem)
  })

  it.each([{ kind: 'silent' }, { kind: 'late', ms: 5000 }] as const)('is not known when the server is %o', async (manner) => {
    server.manner = manner
    expect(await lookUp('192.0.2.25', { impatient: true })).toMatchObject({
      host: null,
      problem: expect.stringContaining('did not answer in time'),
    })
  })

  it('follows five names at most', async () => {
    server.zone = { [v4]: { PTR: Array.from({ length: 20 }, (_, index) => `n${index}.example.net`) } }
    await lookUp('192.0.2.25')
    expect(server.asked.filter((it) => it.startsWith('A ')).length).toBe(5)
  })
})

describe('what is asked', () => {
  it('is nothing about private addresses, and nothing at all when look-ups are off', async () => {
    await lookUp('192.168.1.5', { asnDns: true })
    await lookUp('fd00::5', { asnDns: true })
    expect(await lookUp('192.0.2.25', { off: true, asnDns: true })).toMatchObject({ host: { ptr: null }, problem: null })
    expect(openResolver({ dns: 'off' })).toBeNull()
    expect(server.asked).toEqual([])
  })
})

describe('network and country by DNS', () => {
  const zone = {
    '25.2.0.192.origin.asn.cymru.com': {
      TXT: ['64500 | 192.0.0.0/16 | US | arin | 2001-01-01', '64501 64502 | 192.0.2.0/24 | de | ripencc | 2002-02-02'],
    },
    'as64501.asn.cymru.com': { TXT: ['64501 | DE | ripencc | 2002-02-02 | EXAMPLE-NET, DE'] },
    [`${v6.replace('.ip6.arpa', '')}.origin6.asn.cymru.com`]: { TXT: ['64501 | 2001:db8::/32 | DE | ripencc | 2002-02-02'] },
  }

  it.each(['192.0.2.25', '2001:db8::25'])('are those of the narrowest announcement of %s', async (address) => {
    server.zone = zone
    expect(await lookUp(address, { asnDns: true })).toMatchObject({
      network: { asn: 64_501, network: 'EXAMPLE-NET, DE', country: 'DE' },
      origins: { asn: 'cymru', network: 'cymru', country: 'cymru' },
    })
  })

  it('asks for the name of a network once', async () => {
    server.zone = zone
    const both: LookUp = createLookUp({ resolver, files: await openAddressFiles([]), asnDns: true })
    await both('192.0.2.25')
    await both('2001:db8::25')
    expect(server.asked.filter((it) => it.includes('as64501')).length).toBe(1)
  })

  it('are not asked unless the operator says so', async () => {
    server.zone = zone
    expect((await lookUp('192.0.2.25')).network).toEqual({ asn: null, network: null, country: null })
    expect(server.asked.every((it) => it.startsWith('PTR'))).toBe(true)
  })

  it.each(['', '|||', 'x | y | z', '99999999999 | 192.0.2.0/24 | DE', '-5 | 192.0.2.0/24 | DE', '\u202e64500'])(
    'are nothing when the answer is %j',
    async (text) => {
      server.zone = { '25.2.0.192.origin.asn.cymru.com': { TXT: [text] } }
      expect((await lookUp('192.0.2.25', { asnDns: true })).network).toEqual({ asn: null, network: null, country: null })
    },
  )
})

describe('network and country by files', () => {
  const { write } = useMmdbFolder()

  it('come from the first file that knows, and only the rest is asked of the DNS', async () => {
    const countries = write('country.mmdb', { '192.0.2.0/24': { country: { iso_code: 'FR' } } })
    server.zone = {
      '25.2.0.192.origin.asn.cymru.com': { TXT: ['64500 | 192.0.2.0/24 | DE | ripencc | 2001-01-01'] },
      'as64500.asn.cymru.com': { TXT: ['64500 | DE | ripencc | 2001-01-01 | EXAMPLE-NET'] },
    }
    expect(await lookUp('192.0.2.25', { files: [countries], asnDns: true })).toMatchObject({
      network: { asn: 64_500, network: 'EXAMPLE-NET', country: 'FR' },
      origins: { asn: 'cymru', network: 'cymru', country: 'country.mmdb' },
    })
  })

  it('are known although the name server is silent', async () => {
    const path = write('asn.mmdb', { '192.0.2.0/24': { asn: 'AS64500', as_name: 'Example Net', country: 'DE' } })
    server.manner = { kind: 'silent' }
    const found = await lookUp('192.0.2.25', { files: [path], asnDns: true, impatient: true })
    expect(found).toMatchObject({ host: null, network: { asn: 64_500 } })
    expect(found.problem).toContain('in time')
  })
})
