import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import { guardLookup, isPrivateAddress } from './private-address.ts'

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '168.63.129.16',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::',
    'no address',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each([
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
    '172.32.0.1',
    '100.128.0.1',
    '2001:db8::1',
    '64:ff9b::c000:201',
    '64:ff9b::192.0.2.1',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false)
  })
})

describe('a guarded lookup', () => {
  const names: Record<string, LookupAddress[]> = {
    'public.example': [
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ],
    'mixed.example': [
      { address: '192.0.2.1', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ],
    'inside.example': [{ address: '10.0.0.1', family: 4 }],
    'empty.example': [],
  }
  const lookup: LookupFunction = (name, _options, callback) => callback(null, names[name] ?? [])
  const ask = (name: string, all: boolean) =>
    new Promise((resolve) => {
      guardLookup(lookup)(name, { all }, (error, address, family) =>
        resolve(error ? error.message : family === undefined ? address : [address, family]),
      )
    })

  it('gives public addresses', async () => {
    expect(await ask('public.example', true)).toEqual(names['public.example'])
    expect(await ask('public.example', false)).toEqual(['192.0.2.1', 4])
  })

  it.each(['mixed.example', 'inside.example', 'empty.example'])('gives none of %s', async (name) => {
    expect(await ask(name, true)).toMatch(`${name} is a private address`)
    expect(await ask(name, false)).toMatch(`${name} is a private address`)
  })
})
