import type { KnownSender } from '../catalogue/types.ts'
import type { IdentityEvidence } from '../types.ts'
import type { Clues, Signature } from './clues.ts'
import { isGenericHost, ownerOf } from './names.ts'

/** Who operates the address, and what settled it. */
export type Decision = { because: IdentityEvidence } & (
  | { is: 'known'; sender: KnownSender }
  | { is: 'domain'; domain: string }
  | { is: 'network'; asn: number }
  | { is: 'address' }
)

/**
 * Who operates the address. A signature travels with a mail through any number of servers; SPF speaks about the last one alone, and so do
 * the address's confirmed name and network. Hence: pass means that the owner of the bounce domain, or somebody in their service, operates
 * the address; fail means that it belongs to somebody else, whoever signed; without a verdict the signature is the best there is.
 */
export function decide(clues: Clues): Decision {
  return nameCarried(clues, decideOperator(clues))
}

function decideOperator(clues: Clues): Decision {
  if (clues.bounces.some((it) => it.spf === 'pass')) return decideByBounceDomain(clues)
  const place = knownPlace(clues)
  if (place !== null) return place
  if (clues.bounces.some((it) => it.spf === 'fail')) return decideByPlace(clues)
  return decideBySignature(clues) ?? decideByForgeable(clues) ?? decideByOwnSignature(clues, decideByPlace(clues))
}

/** SPF passes: for a bounce domain of a service, the Author Domain's own, or somebody else's. */
function decideByBounceDomain(clues: Clues): Decision {
  const passing = clues.bounces.filter((it) => it.spf === 'pass')
  const known = best(passing, (it) => it.sender)
  if (known !== null) return { is: 'known', sender: known.sender, because: { by: 'bounce_domain', value: known.from.domain } }
  const own = passing.find((it) => it.isOwn)
  if (own !== undefined) {
    // The domain vouches for the address, but does not say whose it is: a service that it hired, or its own machine.
    return (
      knownPlace(clues) ??
      decideBySignature(clues) ?? { is: 'domain', domain: clues.own, because: { by: 'bounce_domain', value: own.domain } }
    )
  }
  // Somebody else's bounce domain. Either that organisation sends or passes the mail on, or a service uses a bounce domain of another
  // customer. A service's signature alone can't tell (it survives being passed on with a rewritten envelope, which is far more frequent),
  // nor can its address alone (any customer of a mailbox provider may be the one who forwards). Both together are the service.
  const place = clues.places.find(({ sender }) => signedBy(clues, sender))
  if (place !== undefined) return { is: 'known', sender: place.sender, because: { by: place.by, value: place.value } }
  const domain = passing[0]?.domain ?? ''
  return { is: 'domain', domain: ownerOf(domain), because: { by: 'bounce_domain', value: domain } }
}

function signedBy({ signatures }: Clues, sender: KnownSender): boolean {
  return signatures.some((it) => it.passes && (it.sender === sender || it.selectorOf.some((match) => match.sender === sender)))
}

function knownPlace({ places: [place] }: Clues): Decision | null {
  return place === undefined ? null : { is: 'known', sender: place.sender, because: { by: place.by, value: place.value } }
}

/** Nothing says that the mail was passed on: who signed in their own name, whose customers use this key, or which stranger signed. */
function decideBySignature(clues: Clues): Decision | null {
  const passing = clues.signatures.filter((it) => it.passes)
  const known = best(passing, (it) => it.sender)
  if (known !== null) return { is: 'known', sender: known.sender, because: { by: 'signature', value: known.from.domain } }
  const keyed = best(passing, customerOf)
  if (keyed !== null) return { is: 'known', sender: keyed.sender, because: { by: 'selector', value: keyed.from.selector } }
  // A second domain of the same organisation often signs beside the first: a stranger counts alone, or on a machine of their own.
  const isSigned = passing.some((it) => it.isOwn)
  const hostOwner = clues.host === '' ? null : ownerOf(clues.host)
  const stranger = passing.find((it) => !it.isOwn && (!isSigned || ownerOf(it.domain) === hostOwner))
  if (stranger === undefined) return null
  return { is: 'domain', domain: ownerOf(stranger.domain), because: { by: 'signature', value: stranger.domain } }
}

const customerOf = (it: Signature): KnownSender | null => it.selectorOf.find((match) => !match.isWeak)?.sender ?? null

/** A broken signature and an unchecked bounce domain may both be made up; that both name the same service is worth its name. */
function decideByForgeable({ signatures, bounces }: Clues): Decision | null {
  const claimed = bounces.filter((it) => it.sender !== null && signatures.some((signature) => signature.sender === it.sender))
  const known = best(claimed, (it) => it.sender)
  return known === null ? null : { is: 'known', sender: known.sender, because: { by: 'bounce_domain', value: known.from.domain } }
}

/** What is known about the address alone. */
function decideByPlace({ host, asn, address }: Clues): Decision {
  if (host !== '' && (asn === null || !isGenericHost(host, address)))
    return { is: 'domain', domain: ownerOf(host), because: { by: 'host', value: host } }
  if (asn !== null) return { is: 'network', asn, because: { by: 'network', value: `AS${asn}` } }
  return { is: 'address', because: { by: 'address', value: address } }
}

/** Where nothing at all is known about the address, the organisation whose key signed is a better guess than a bare number. */
function decideByOwnSignature({ signatures, own }: Clues, place: Decision): Decision {
  const signed = place.is === 'address' ? signatures.find((it) => it.passes && it.isOwn) : undefined
  return signed === undefined ? place : { is: 'domain', domain: own, because: { by: 'signature', value: signed.domain } }
}

/** Behind a service that carries others, the one that signed in its own name is who was hired. */
function nameCarried({ signatures }: Clues, decision: Decision): Decision {
  if (decision.is !== 'known' || decision.sender.carries !== true) return decision
  const passing = signatures.filter((it) => it.passes)
  const signer = best(passing, ({ sender }) => (sender?.carries === true ? null : sender))
  if (signer !== null) return { is: 'known', sender: signer.sender, because: { by: 'signature', value: signer.from.domain } }
  const keyed = best(passing, (it) => (customerOf(it)?.carries === true ? null : customerOf(it)))
  return keyed === null ? decision : { is: 'known', sender: keyed.sender, because: { by: 'selector', value: keyed.from.selector } }
}

/** The best of several: who passes mail on handled it last, a carrier says least; then by id, so that the order never matters. */
function best<T>(items: readonly T[], senderOf: (item: T) => KnownSender | null): { sender: KnownSender; from: T } | null {
  let found: { sender: KnownSender; from: T } | null = null
  for (const from of items) {
    const sender = senderOf(from)
    if (sender !== null && (found === null || isBetter(sender, found.sender))) found = { sender, from }
  }
  return found
}

function isBetter(a: KnownSender, b: KnownSender): boolean {
  const rank = (it: KnownSender) => (it.role === 'forwards' ? 0 : it.carries === true ? 2 : 1)
  return rank(a) === rank(b) ? a.id < b.id : rank(a) < rank(b)
}
