import type { KnownSender } from '../catalogue/types.ts'
import { compileGlob, type Glob } from './globs.ts'
import { findAtOrAbove } from './names.ts'
import { NetworkIndex } from './networks.ts'

interface Pattern {
  matches: Glob
  sender: KnownSender
}

/** Who is found by a selector, and whether nobody else would choose it. */
export interface SelectorMatch {
  sender: KnownSender
  isWeak: boolean
}

/** A network of the catalogue that an address lies in, written as CIDR. */
export interface NetworkMatch {
  sender: KnownSender
  network: string
}

/** The catalogue turned round: from what a report says to who it is. Built once; no look-up walks through the entries. */
export interface CatalogueIndex {
  bySigner(domain: string): KnownSender | null
  bySelector(selector: string): readonly SelectorMatch[]
  byBounceDomain(domain: string): KnownSender | null
  byHost(name: string): KnownSender | null
  byAddress(words: readonly number[]): NetworkMatch | null
  byAsn(asn: number): KnownSender | null
}

// The catalogue tests that no pattern begins with less.
const FIXED_START = 2
const NOBODY: readonly SelectorMatch[] = []

/** @throws RangeError if a network of the catalogue is none; the catalogue's test rules it out for our own. */
export function indexCatalogue(catalogue: readonly KnownSender[]): CatalogueIndex {
  const signers = new Map<string, KnownSender>()
  const bounces = new Map<string, KnownSender>()
  const hosts = new Map<string, KnownSender>()
  const hostPatterns = new Map<string, Pattern[]>()
  const selectors = new Map<string, SelectorMatch[]>()
  const selectorPatterns = new Map<string, (SelectorMatch & Pattern)[]>()
  const networks = new NetworkIndex<NetworkMatch>()
  const asns = new Map<number, KnownSender>()

  for (const sender of catalogue) {
    const { domains = [] } = sender
    for (const domain of [...domains, ...(sender.signers ?? [])]) signers.set(domain, sender)
    for (const domain of [...domains, ...(sender.bounces ?? [])]) bounces.set(domain, sender)
    for (const host of [...domains, ...(sender.hosts ?? [])]) {
      if (host.includes('*')) push(hostPatterns, fixedEnd(host), { matches: compileGlob(host), sender })
      else hosts.set(host, sender)
    }
    const named = { strong: sender.selectors ?? [], weak: sender.weakSelectors ?? [] }
    for (const [strength, patterns] of Object.entries(named)) {
      for (const pattern of patterns) {
        const match = { sender, isWeak: strength === 'weak' }
        if (pattern.includes('*')) push(selectorPatterns, pattern.slice(0, FIXED_START), { ...match, matches: compileGlob(pattern) })
        else push(selectors, pattern, match)
      }
    }
    for (const network of sender.networks ?? []) networks.add(network, { sender, network })
    for (const asn of sender.asns ?? []) asns.set(asn, sender)
  }

  return {
    bySigner: (domain) => findAtOrAbove((name) => signers.get(name), domain),
    bySelector: (selector) => {
      const exact = selectors.get(selector) ?? NOBODY
      const patterns = selectorPatterns.get(selector.slice(0, FIXED_START))
      return patterns === undefined ? exact : [...exact, ...patterns.filter((it) => it.matches(selector))]
    },
    byBounceDomain: (domain) => findAtOrAbove((name) => bounces.get(name), domain),
    byHost: (host) => findAtOrAbove((name) => hosts.get(name) ?? hostPatterns.get(name)?.find((it) => it.matches(host))?.sender, host),
    byAddress: (words) => networks.find(words),
    byAsn: (asn) => asns.get(asn) ?? null,
  }
}

/** The whole labels after the last star: `mail-*.google.com` -> `google.com`. */
function fixedEnd(pattern: string): string {
  const end = pattern.slice(pattern.lastIndexOf('*') + 1)
  return end.slice(end.indexOf('.') + 1)
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
