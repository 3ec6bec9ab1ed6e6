import { BlockList, isIP } from 'node:net'

/** Addresses that mean something else in every network, or nothing: nobody outside may be asked about them. */
const notPublicV4 = listOf('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3], // multicast and reserved
])
/** A list of its own: `::/8`, which holds IPv4-mapped addresses, would take every IPv4 address in as well. */
const notPublicV6 = listOf('ipv6', [
  ['::', 8], // unspecified, loopback, IPv4-mapped
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
])

function listOf(family: 'ipv4' | 'ipv6', networks: [string, number][]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}

/** Whether the address is one of the Internet's, of which a name server may be asked. */
export function isPublic(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !notPublicV4.check(address, 'ipv4')
  return version === 6 && !notPublicV6.check(address, 'ipv6')
}

/** The address's labels in reverse order, as the zones in-addr.arpa (RFC 1035) and ip6.arpa (RFC 3596) and lists like them have it. */
export function reverseLabels(address: string): string {
  if (isIP(address) === 4) return address.split('.').toReversed().join('.')
  return groupsOf(address)
    .map((group) => group.padStart(4, '0'))
    .join('')
    .split('')
    .toReversed()
    .join('.')
}

export function reverseName(address: string): string {
  return `${reverseLabels(address)}.${isIP(address) === 4 ? 'in-addr' : 'ip6'}.arpa`
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL class writes an address in its one canonical form (RFC 5952), dotted endings included.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = text.split('::')
  const before = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
}

/** Whether two texts are the same address. */
export function isSameAddress(a: string, b: string): boolean {
  if (isIP(a) !== isIP(b) || isIP(a) === 0) return false
  return isIP(a) === 4 ? a === b : groupsOf(a).join() === groupsOf(b).join()
}
