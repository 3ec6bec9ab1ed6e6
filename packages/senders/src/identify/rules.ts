import type { IdentityEvidence, ServiceKind } from '../types.ts'
import type { Clues, Signature } from './clues.ts'
import { compileGlob, type Glob } from './globs.ts'
import { cleanName, isAtOrBelow } from './names.ts'
import { NetworkIndex, parseAddress, parseNetwork } from './networks.ts'

/** What an operator knows a sender by; all given conditions have to hold, each on evidence that somebody else can't forge. */
export interface SenderRuleMatch {
  /** `d=` of a passing signature, at or below. */
  signer?: string
  /** Selector of that signature, `*` allowed; without `signer`, of a passing signature of the Author Domain. */
  selector?: string
  /** MAIL FROM domain, at or below, for which SPF did not fail. */
  bounce?: string
  /** Confirmed reverse name: a domain at or above it, or a pattern with `*`. */
  host?: string
  /** CIDR, an address, or an autonomous system as `AS64500`. */
  network?: string
}

/** A sender that an operator named. */
export interface SenderRule {
  id: string
  name: string
  kind: ServiceKind
  match: SenderRuleMatch
}

/** What spoke for the rule, or null if it does not hold. */
export type RuleTest = (clues: Clues) => IdentityEvidence[] | null

type Condition = (clues: Clues) => IdentityEvidence | null

const AS_NUMBER = /^as(\d{1,10})$/i
const PATTERN_LENGTH = 253
// A pattern is tried on every way: more stars have no use and cost time.
const MOST_STARS = 5

/** Conditions of a match that can never hold, because they are no domain, pattern or network. */
export function faultyConditions(match: SenderRuleMatch): (keyof SenderRuleMatch)[] {
  const { signer, selector, bounce, host, network } = match
  const faulty: (keyof SenderRuleMatch)[] = []
  if (signer !== undefined && cleanName(signer) === '') faulty.push('signer')
  if (selector !== undefined && !isPattern(selector)) faulty.push('selector')
  if (bounce !== undefined && cleanName(bounce) === '') faulty.push('bounce')
  if (host !== undefined && (host.includes('*') ? !isPattern(host) : cleanName(host) === '')) faulty.push('host')
  if (network !== undefined && parseNetwork(network) === null && !AS_NUMBER.test(network)) faulty.push('network')
  return faulty
}

/** A rule without a condition holds nowhere: it would claim every source. So does one with a faulty condition. */
export function compileRule({ match }: SenderRule): RuleTest {
  const conditions = faultyConditions(match).length > 0 ? [] : conditionsOf(match)
  if (conditions.length === 0) return () => null
  return (clues) => {
    const found: IdentityEvidence[] = []
    for (const condition of conditions) {
      const evidence = condition(clues)
      if (evidence === null) return null
      found.push(evidence)
    }
    return found
  }
}

function conditionsOf({ signer, selector, bounce, host, network }: SenderRuleMatch): Condition[] {
  const conditions: Condition[] = []
  if (signer !== undefined || selector !== undefined) conditions.push(signatureCondition(signer, selector))
  if (bounce !== undefined) conditions.push(bounceCondition(cleanName(bounce)))
  if (host !== undefined) conditions.push(hostCondition(host))
  if (network !== undefined) conditions.push(networkCondition(network))
  return conditions
}

function signatureCondition(signer: string | undefined, selector: string | undefined): Condition {
  const domain = signer === undefined ? null : cleanName(signer)
  const glob: Glob = selector === undefined ? () => true : compileGlob(selector.toLowerCase())
  const holds = (it: Signature) => it.passes && (domain === null ? it.isOwn : isAtOrBelow(it.domain, domain)) && glob(it.selector)
  return ({ signatures }) => {
    const found = signatures.find(holds)
    if (found === undefined) return null
    return domain === null ? { by: 'selector', value: found.selector } : { by: 'signature', value: found.domain }
  }
}

function bounceCondition(domain: string): Condition {
  return ({ bounces }) => {
    const found = bounces.find((it) => it.spf !== 'fail' && isAtOrBelow(it.domain, domain))
    return found === undefined ? null : { by: 'bounce_domain', value: found.domain }
  }
}

function hostCondition(wanted: string): Condition {
  const domain = cleanName(wanted)
  const below = `.${domain}`
  const matches: Glob = wanted.includes('*') ? compileGlob(wanted.toLowerCase()) : (name) => name === domain || name.endsWith(below)
  return ({ host }) => (host !== '' && matches(host) ? { by: 'host', value: host } : null)
}

function networkCondition(wanted: string): Condition {
  const asn = AS_NUMBER.exec(wanted)?.[1]
  if (asn !== undefined) return (clues) => (clues.asn === Number(asn) ? { by: 'network', value: `AS${clues.asn}` } : null)
  const network = new NetworkIndex<true>()
  network.add(wanted, true)
  return ({ address }) => {
    const words = parseAddress(address)
    return words !== null && network.find(words) === true ? { by: 'network', value: wanted } : null
  }
}

function isPattern(text: string): boolean {
  return text.length <= PATTERN_LENGTH && /[^*\s]/.test(text) && text.split('*').length <= MOST_STARS + 1
}
