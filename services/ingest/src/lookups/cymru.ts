import { isIP } from 'node:net'
import { reverseLabels } from './address.ts'
import type { Resolver } from './resolver.ts'
import { type NetworkFacts, toCountry, toNetworkName } from './network.ts'

/** Names of networks that are kept in memory: there are about 80,000 in the world, and few of them send mail to anybody. */
const mostNames = 20_000

export type CymruAnswer = { facts: NetworkFacts } | { problem: string }

/**
 * Network and country by Team Cymru's zones: `origin.asn.cymru.com` for an address, `AS64500.asn.cymru.com` for a name. Texts are
 * fields between bars: `64500 64501 | 192.0.2.0/24 | DE | ripencc | 2001-01-01`. Of several announcements the narrowest counts.
 */
export function createCymru(resolver: Resolver): (address: string) => Promise<CymruAnswer> {
  const names = new Map<number, string | null>()
  async function nameOf(asn: number): Promise<{ name: string | null } | { problem: string }> {
    const known = names.get(asn)
    if (known !== undefined) return { name: known }
    const answer = await resolver.txt(`as${asn}.asn.cymru.com`)
    if ('problem' in answer) return answer
    const name = 'found' in answer ? toNetworkName(fieldsOf(answer.found[0] ?? '')[4]) : null
    if (names.size >= mostNames) names.clear()
    names.set(asn, name)
    return { name }
  }
  return async (address) => {
    const answer = await resolver.txt(`${reverseLabels(address)}.origin${isIP(address) === 6 ? '6' : ''}.asn.cymru.com`)
    if ('problem' in answer) return answer
    const announced = ('found' in answer ? answer.found : []).map(toAnnouncement).toSorted((a, b) => b.prefix - a.prefix || a.asn - b.asn)
    const [narrowest] = announced.filter(({ asn }) => asn > 0)
    if (!narrowest) return { facts: { asn: null, network: null, country: null } }
    const named = await nameOf(narrowest.asn)
    if ('problem' in named) return named
    return { facts: { asn: narrowest.asn, network: named.name, country: narrowest.country } }
  }
}

const fieldsOf = (text: string): string[] => text.split('|').map((field) => field.trim())

function toAnnouncement(text: string): { asn: number; prefix: number; country: string | null } {
  const [origins = '', network = '', country] = fieldsOf(text)
  const asn = Number.parseInt(origins, 10)
  return {
    asn: asn > 0 && asn <= 4_294_967_295 ? asn : 0,
    prefix: Number.parseInt(network.split('/')[1] ?? '', 10) || 0,
    country: toCountry(country),
  }
}
