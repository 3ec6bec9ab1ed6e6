import { organizationalDomain } from '@ruadar/dmarc'

const NAME_LENGTH = 253
const NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/

/** A domain name as it is compared: lower case, no root dot. Empty for what can't be a name of the DNS: it then says nothing. */
export function cleanName(text: string | null | undefined): string {
  if (text === null || text === undefined || text.length > NAME_LENGTH + 1) return ''
  const name = text.toLowerCase().replace(/\.$/, '')
  return name.length <= NAME_LENGTH && NAME.test(name) ? name : ''
}

/** Whether a name is a domain or lies below it. */
export function isAtOrBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`)
}

/** Who a name belongs to: its Organizational Domain, or the name itself where the Public Suffix List has none. */
export function ownerOf(name: string): string {
  return organizationalDomain(name) ?? name
}

/** What an index has for a name or the nearest name above it: the more specific wins. Names have 127 labels at most. */
export function findAtOrAbove<T>(find: (name: string) => T | null | undefined, name: string): T | null {
  let parent = name
  for (;;) {
    const found = find(parent)
    if (found !== undefined && found !== null) return found
    const dot = parent.indexOf('.')
    if (dot < 0) return null
    parent = parent.slice(dot + 1)
  }
}

// What network operators call addresses that they hand out by the thousand.
const HANDED_OUT =
  /(?:^|[.-])(?:static|dyn|dynamic|dhcp|pool|dsl|adsl|vdsl|xdsl|ppp|pppoe|cable|client|cust|customer|broadband|dialup|ip|host|vps|rev|reverse|unassigned|hosted-by)\d*(?=[.-]|$)/

/**
 * Whether a reverse name was made from the address or a range rather than chosen for a machine (`192-0-2-7.dsl.example.net`): it says who
 * owns the network, not who sends.
 */
export function isGenericHost(name: string, address: string): boolean {
  const owner = ownerOf(name)
  const local = name.slice(0, Math.max(0, name.length - owner.length - 1))
  if (local === '') return false
  if (HANDED_OUT.test(local)) return true
  const numbers = address.includes('.') ? address.split('.') : []
  return numbers.length === 4 && holdsAddress(local, numbers)
}

/** The four octets in order or reversed, with or without leading zeros and separators; or three of them next to each other; or in hex. */
function holdsAddress(local: string, octets: string[]): boolean {
  const found = local.match(/\d+/g)?.map((digits) => digits.replace(/^0+(?=\d)/, '')) ?? []
  const text = `,${found.join()},`
  for (const order of [octets, octets.toReversed()]) {
    if (text.includes(`,${order.slice(0, 3).join()},`) || text.includes(`,${order.slice(1).join()},`)) return true
  }
  const padded = octets.map((octet) => octet.padStart(3, '0')).join('')
  const hex = octets.map((octet) => Number(octet).toString(16).padStart(2, '0')).join('')
  return local.includes(padded) || local.includes(hex)
}

const LIST = /^(?:lists?|mailman\d*|listserv|groups|sympa|mlist)\d*\./
const FORWARDER = /^(?:alumni|forward(?:er|ing|s)?|fwd|srs|alias(?:es)?|redirect)\d*[.-]/

/** What a host or bounce domain is by the look of its name: a hint for a proposal, never a proof. */
export function hintOfName(name: string): 'mailing_list' | 'forwarder' | null {
  return LIST.test(name) ? 'mailing_list' : FORWARDER.test(name) ? 'forwarder' : null
}
