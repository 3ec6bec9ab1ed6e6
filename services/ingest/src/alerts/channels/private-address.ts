import { lookup as lookUp } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { DeliveryError } from './channel.ts'

const inner = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT, and some clouds' metadata
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // a cloud's host service under a public number
  ['169.254.0.0', 16], // link-local: metadata of most clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16],
  ['198.18.0.0', 15], // benchmarks
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const)
  inner.addSubnet(net, prefix, 'ipv4')
inner.addSubnet('2001::', 32, 'ipv6') // Teredo and
inner.addSubnet('2002::', 16, 'ipv6') // 6to4 lead to IPv4 addresses

const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6') // all that is routed; the rest is loopback, mapped, unique local, link-local, multicast

const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

/** Whether an address leads into the own machine, its network or its cloud, or nowhere at all. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return inner.check(address, 'ipv4')
    case 6:
      if (nat64.check(address, 'ipv6')) return inner.check(embeddedIpv4(address), 'ipv4')
      return !global.check(address, 'ipv6') || inner.check(address, 'ipv6')
    default:
      return true
  }
}

/** The last 32 bits, where a resolver for IPv6-only networks puts an IPv4 address (RFC 6052). */
function embeddedIpv4(address: string): string {
  const { hostname } = new URL(`http://[${address}]/`) // all hexadecimal and in its short form, as [64:ff9b::c000:201]
  const parts = hostname.slice('[64:ff9b::'.length, -1).split(':').filter(Boolean)
  const low = Number.parseInt(parts.at(-1) ?? '0', 16)
  const high = Number.parseInt(parts.at(-2) ?? '0', 16)
  return [high >>> 8, high & 255, low >>> 8, low & 255].join('.')
}

export const resolveName: LookupFunction = (name, options, callback) => lookUp(name, options, callback)

/** A lookup that gives addresses only if none of the name's is private: the answer that was checked is the one that is used. */
export function guardLookup(lookup: LookupFunction): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found
      const [first] = addresses
      if (!first || addresses.some(({ address }) => isPrivateAddress(address))) return callback(privateAddress(name), '', 0)
      if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

export function privateAddress(name: string): DeliveryError {
  return new DeliveryError(
    `${name} is a private address: channels post to public ones only, unless RUADAR_ALLOW_PRIVATE_WEBHOOKS is set.`,
    { lasting: true },
  )
}
