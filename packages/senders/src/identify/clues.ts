import { checkedDomain, isMailFromCheck } from '@ruadar/dmarc'
import type { KnownSender } from '../catalogue/types.ts'
import type { HostFacts, Way } from '../types.ts'
import type { CatalogueIndex, SelectorMatch } from './catalogue-index.ts'
import { cleanName, ownerOf } from './names.ts'
import { parseAddress } from './networks.ts'

// RFC 5321 4.5.3.1 and reporters' habits: real ways have a handful. More is hostile, and what is beyond says nothing.
const MOST_CHECKS = 100
const SELECTOR_LENGTH = 253
const ADDRESS_LENGTH = 45

export interface Signature {
  domain: string
  selector: string
  passes: boolean
  /** Under the Author Domain's organisation. */
  isOwn: boolean
  /** The service that signs so in its own name. */
  sender: KnownSender | null
  /** Services whose customers publish keys under this selector; empty unless the signature is the Author Domain's own. */
  selectorOf: readonly SelectorMatch[]
}

export interface BounceDomain {
  domain: string
  /** `none`: no SPF record, an error, neutral, or not checked: nothing was said about the address. */
  spf: 'pass' | 'fail' | 'none'
  /** Under the Author Domain's organisation. */
  isOwn: boolean
  sender: KnownSender | null
}

/** A way, reduced to what bears on who operates the address. Lists are sorted, so that the reporter's order can't matter. */
export interface Clues {
  address: string
  /** Organisation of the Author Domain; empty if it has no usable name. */
  own: string
  signatures: readonly Signature[]
  bounces: readonly BounceDomain[]
  /** Confirmed reverse name; empty if none, unconfirmed or not looked up. */
  host: string
  asn: number | null
  network: string | null
  /** What the catalogue says about the address itself, strongest first: by its confirmed name, its network, its autonomous system. */
  places: readonly Place[]
}

export interface Place {
  sender: KnownSender
  by: 'host' | 'network'
  value: string
}

export function readClues(way: Way, index: CatalogueIndex): Clues {
  const author = cleanName(way.headerFrom)
  const own = author === '' ? '' : ownerOf(author)
  const address = way.sourceIp?.slice(0, ADDRESS_LENGTH) ?? '::'
  const host = way.host?.confirmed === true ? cleanName(way.host.ptr) : ''
  const asn = way.host?.asn ?? null
  return {
    address,
    own,
    signatures: readSignatures(way, own, index),
    bounces: readBounces(way, own, index),
    host,
    asn,
    network: way.host?.network ?? null,
    places: locate(host, address, asn, index),
  }
}

function readSignatures(way: Way, own: string, index: CatalogueIndex): Signature[] {
  const signatures: Signature[] = []
  for (const { domain: named, selector: key, result } of way.dkim.slice(0, MOST_CHECKS)) {
    const domain = cleanName(named)
    if (domain === '') continue
    const selector = (key ?? '').slice(0, SELECTOR_LENGTH).toLowerCase()
    const isOwn = ownerOf(domain) === own
    const selectorOf = isOwn ? index.bySelector(selector) : []
    signatures.push({ domain, selector, passes: result === 'pass', isOwn, sender: index.bySigner(domain), selectorOf })
  }
  return signatures.sort((a, b) => order(a.domain, b.domain) || order(a.selector, b.selector))
}

function readBounces(way: Way, own: string, index: CatalogueIndex): BounceDomain[] {
  const results = new Map<string, BounceDomain['spf']>()
  for (const check of way.spf.slice(0, MOST_CHECKS)) {
    if (!isMailFromCheck(check, way.envelopeFrom)) continue
    const domain = cleanName(checkedDomain(check, way.envelopeFrom))
    if (domain !== '') results.set(domain, stronger(verdictOf(check.result), results.get(domain)))
  }
  const unchecked = results.size === 0 ? cleanName(way.envelopeFrom) : ''
  if (unchecked !== '') results.set(unchecked, 'none')
  const bounces = Array.from(results, ([domain, spf]) => ({
    domain,
    spf,
    isOwn: ownerOf(domain) === own,
    sender: index.byBounceDomain(domain),
  }))
  return bounces.sort((a, b) => order(a.domain, b.domain))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function verdictOf(result: string): BounceDomain['spf'] {
  return result === 'pass' ? 'pass' : result === 'fail' || result === 'softfail' ? 'fail' : 'none'
}

/** Two checks of one domain that contradict each other were of two mails: what passed once is listed. */
function stronger(a: BounceDomain['spf'], b: BounceDomain['spf'] = 'none'): BounceDomain['spf'] {
  return a === 'pass' || b === 'pass' ? 'pass' : a === 'fail' || b === 'fail' ? 'fail' : 'none'
}

function locate(host: string, address: string, asn: HostFacts['asn'], index: CatalogueIndex): Place[] {
  const places: Place[] = []
  const named = host === '' ? null : index.byHost(host)
  if (named !== null) places.push({ sender: named, by: 'host', value: host })
  const words = parseAddress(address)
  const published = words === null ? null : index.byAddress(words)
  if (published !== null) places.push({ sender: published.sender, by: 'network', value: published.network })
  const announced = asn === null ? null : index.byAsn(asn)
  if (announced !== null) places.push({ sender: announced, by: 'network', value: `AS${asn}` })
  return places
}
