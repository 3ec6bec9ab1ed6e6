import { describe, expect, it } from 'vitest'
import { isPublic, isSameAddress, reverseName } from './address.ts'

describe('addresses', () => {
  it('are written in reverse as RFC 1035 and RFC 3596 want it', () => {
    expect(reverseName('192.0.2.25')).toBe('25.2.0.192.in-addr.arpa')
    expect(reverseName('2001:db8::25')).toBe(`5.2.${'0.'.repeat(22)}8.b.d.0.1.0.0.2.ip6.arpa`)
  })

  it('are the same however they are written', () => {
    expect(isSameAddress('2001:db8::25', '2001:0DB8:0:0:0:0:0:0025')).toBe(true)
    expect(isSameAddress('::ffff:192.0.2.1', '::ffff:c000:201')).toBe(true)
    expect(isSameAddress('192.0.2.1', '192.0.2.2')).toBe(false)
    expect(isSameAddress('mx.example', 'mx.example')).toBe(false)
  })

  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ])('%s means something else in every network', (address) => expect(isPublic(address)).toBe(false))
  it.each(['::', '::1', '::ffff:192.0.2.1', 'fd00::1', 'fe80::1', 'ff02::1', 'nonsense', ''])('%s is nobody else’s business', (address) =>
    expect(isPublic(address)).toBe(false),
  )
  it.each(['192.0.2.1', '203.0.113.9', '172.32.0.1', '2001:db8::1'])('%s is public', (address) => expect(isPublic(address)).toBe(true))
})
