import type { HostFacts } from '@ruadar/senders'
import { isPublic } from './address.ts'
import type { AddressFiles } from './address-files.ts'
import { createCymru } from './cymru.ts'
import { findHostName } from './host-name.ts'
import type { Resolver } from './resolver.ts'

/** Where a fact came from: `dns`, `cymru`, or the name of an .mmdb file. */
export type Origins = Partial<Record<'ptr' | 'asn' | 'network' | 'country', string>>

export interface LookedUp {
  address: string
  /** Null: could not be asked; what was known before stays. */
  host: Pick<HostFacts, 'ptr' | 'confirmed'> | null
  /** The same. */
  network: Pick<HostFacts, 'asn' | 'network' | 'country'> | null
  origins: Origins
  /** What could not be asked, and why; null when all could. */
  problem: string | null
}

export type LookUp = (address: string) => Promise<LookedUp>

export interface Sources {
  /** Null: RUADAR_DNS=off. */
  resolver: Resolver | null
  files: AddressFiles
  /** RUADAR_ASN_DNS. */
  asnDns: boolean
}

/** Looks an address up in all that is configured. Never rejects. Of addresses that are not public only the files are asked. */
export function createLookUp({ resolver, files, asnDns }: Sources): LookUp {
  const askCymru = resolver && asnDns ? createCymru(resolver) : null
  return async (address) => {
    const asks = isPublic(address)
    const known = files.find(address)
    const [name, announced] = await Promise.all([
      resolver && asks ? findHostName(resolver, address) : null,
      askCymru && asks && (known.asn === null || known.network === null || known.country === null) ? askCymru(address) : null,
    ])
    const origins: Origins = { ...known.origins }
    const network = { asn: known.asn, network: known.network, country: known.country }
    if (announced && 'facts' in announced) {
      // Number and name go together: those of two origins would name one network by another.
      if (network.asn === null) Object.assign(network, { asn: announced.facts.asn, network: announced.facts.network })
      network.country ??= announced.facts.country
      for (const fact of ['asn', 'network', 'country'] as const) {
        if (network[fact] !== null && network[fact] === announced.facts[fact]) origins[fact] ??= 'cymru'
      }
    }
    if (name && 'ptr' in name && name.ptr !== null) origins.ptr = 'dns'
    const problems = [name, announced].flatMap((it) => (it && 'problem' in it ? [it.problem] : []))
    return {
      address,
      host: name && 'problem' in name ? null : toHost(name),
      network: announced && 'problem' in announced && network.asn === null ? null : network,
      origins,
      problem: problems[0] ?? null,
    }
  }
}

function toHost(name: Awaited<ReturnType<typeof findHostName>> | null): Pick<HostFacts, 'ptr' | 'confirmed'> {
  return name && 'ptr' in name && name.ptr !== null ? { ptr: name.ptr, confirmed: name.confirmed } : { ptr: null, confirmed: false }
}
