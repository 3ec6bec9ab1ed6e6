import type { SenderState } from './diagnosis.ts'
import type { SenderKind } from './types.ts'

/** What one sender's mail of one domain looked like. All numbers are messages unless they say otherwise. */
export interface Standing {
  kind: SenderKind
  /** What the catalogue says of it: passes on other people's mail, only looks at it, or neither. */
  role: 'forwards' | 'scans' | null
  /** The sender is the Policy Domain's own organisation. */
  isOwnOrganisation: boolean
  /** The name of the sender, its hosts or bounce domains are those of a list server (lists.example.net). */
  looksLikeList: boolean
  messages: number
  /** Passing DMARC, by what aligned. */
  bothAligned: number
  dkimAligned: number
  spfAligned: number
  /** Aligned signatures that passed with a key that another sender of the domain uses more: mail that was signed elsewhere. */
  signedElsewhere: number
  /** Signatures of the Author Domain that did not verify. */
  signatureBroken: number
  /** SPF passed for a domain of others: the address has an operator who answers for it. */
  foreignSpfPass: number
  /** SPF failed for the domain it was asked for. */
  spfFail: number
  /** Messages whose reporter said so: mailing list; forwarded; a passing ARC chain. */
  mailingList: number
  forwarded: number
  arc: number
  /** Addresses, and those of them that have a confirmed name. */
  sources: number
  namedSources: number
  /** Days on which it was seen, and days from the first of them to the last. */
  days: number
  spanDays: number
  /** Policy Domains of this installation that it sends as without ever passing. */
  failingDomains: number
}

export interface ProposalReason {
  code:
    | 'own_organisation'
    | 'control_proven'
    | 'known_scanner'
    | 'known_forwarder'
    | 'list_server'
    | 'signed_elsewhere'
    | 'reporters_say_list'
    | 'reporters_say_forwarded'
    | 'arc'
    | 'signature_broken_on_the_way'
    | 'nothing_aligned'
    | 'spf_failed'
    | 'no_host_name'
    | 'many_domains'
    | 'few_messages'
    | 'steady'
    | 'known_service_unaligned'
  facts: Record<string, number>
}

export interface Proposal {
  state: SenderState
  /** Strongest first. */
  reasons: ProposalReason[]
}

/** A share of a sender's mail from which on a sign is more than chance. */
const mostly = 0.5
const notably = 0.2
/** A forger's address sends a few messages; so does a forgotten printer. Below this number nothing else is needed to call it few. */
const few = 20
/** Forgers come and go. What sends on more than every other day for two weeks is a machine that somebody runs on purpose. */
const steadyDays = 14

/**
 * What a sender seems to be to a domain, with the evidence. A person decides; until then this is what alerts and pages go by.
 *
 * Aligned passes prove control of the domain's DNS, except where the key is one that another sender uses more: then the message was
 * signed there and passed on here. Mail that fails and has no trait of a service, a forwarder or a list is forged, or a machine of the
 * domain's that nobody has set up; when its operator answers for it (SPF, a confirmed name) and it keeps coming, it stays unknown.
 */
export function propose(standing: Standing): Proposal {
  const { messages, role, kind } = standing
  if (messages === 0) return { state: 'unknown', reasons: [] }
  const passing = standing.bothAligned + standing.dkimAligned + standing.spfAligned
  const share = (part: number) => part / messages
  if (role === 'scans' || kind === 'scanner') return { state: 'forwarder', reasons: [reason('known_scanner')] }

  const forwarding = forwardingReasons(standing)
  const ownPasses = passing - standing.signedElsewhere
  if (standing.isOwnOrganisation && share(passing) > 0) {
    return { state: 'own', reasons: [reason('own_organisation', { passing, messages })] }
  }
  if (role === 'forwards' || kind === 'forwarder' || kind === 'mailing_list') {
    return { state: 'forwarder', reasons: [reason('known_forwarder'), ...forwarding] }
  }
  if (forwarding.length > 0 && (share(ownPasses) < notably || standing.spfAligned + standing.bothAligned === 0)) {
    if (share(standing.signedElsewhere) >= notably || ownPasses === 0) return { state: 'forwarder', reasons: forwarding }
  }
  if (ownPasses > 0 && share(ownPasses) >= 0.01) {
    const isService = !groups.has(kind)
    return {
      state: isService || !looksOwn(standing) ? 'approved' : 'own',
      reasons: [reason('control_proven', { passing: ownPasses, messages })],
    }
  }
  if (forwarding.length > 0) return { state: 'forwarder', reasons: forwarding }
  if (!groups.has(kind)) return { state: 'unknown', reasons: [reason('known_service_unaligned', { messages })] }
  return judgeUnaligned(standing)
}

const groups: ReadonlySet<SenderKind> = new Set(['domain', 'network', 'address'])
/** Services whose customers have mail passed on, besides sending their own. */
const passingKinds: ReadonlySet<SenderKind> = new Set(['mailbox_provider', 'security_gateway', 'hosting'])

/** SPF of the domain itself lists the address: a machine of one's own, or of one's hoster, rather than a hired service. */
const looksOwn = ({ bothAligned, spfAligned }: Standing): boolean => bothAligned + spfAligned > 0

function forwardingReasons(standing: Standing): ProposalReason[] {
  const { kind, messages, signedElsewhere, mailingList, forwarded, arc, signatureBroken, foreignSpfPass, looksLikeList } = standing
  const reasons: ProposalReason[] = []
  if (signedElsewhere / messages >= notably) reasons.push(reason('signed_elsewhere', { signedElsewhere, messages }))
  if (looksLikeList && foreignSpfPass + signatureBroken > 0) reasons.push(reason('list_server'))
  if (mailingList > 0) reasons.push(reason('reporters_say_list', { mailingList, messages }))
  if (forwarded > 0) reasons.push(reason('reporters_say_forwarded', { forwarded, messages }))
  if (arc / messages >= mostly) reasons.push(reason('arc', { arc, messages }))
  // A forger has no reason to carry along a signature that fails; a list that changes subject and footer breaks it on its way. A service
  // that the catalogue knows as a sender has a wrong key instead.
  if ((groups.has(kind) || passingKinds.has(kind)) && signatureBroken / messages >= mostly && foreignSpfPass / messages >= mostly) {
    reasons.push(reason('signature_broken_on_the_way', { signatureBroken, messages }))
  }
  return reasons
}

function judgeUnaligned(standing: Standing): Proposal {
  const { messages, spfFail, foreignSpfPass, sources, namedSources, failingDomains, days, spanDays, kind } = standing
  const reasons: ProposalReason[] = [reason('nothing_aligned', { messages })]
  let signs = 0
  if (spfFail / messages >= mostly) {
    signs += 1
    reasons.push(reason('spf_failed', { spfFail, messages }))
  }
  if (namedSources === 0 && kind !== 'domain') {
    signs += 1
    reasons.push(reason('no_host_name', { sources }))
  }
  if (failingDomains > 1) {
    signs += failingDomains > 2 ? 2 : 1
    reasons.push(reason('many_domains', { failingDomains }))
  }
  if (messages < few) {
    signs += 1
    reasons.push(reason('few_messages', { messages, days }))
  }
  if (days >= steadyDays && days / spanDays > mostly) {
    signs -= 1
    reasons.push(reason('steady', { days, spanDays }))
  }
  // A service that is new to the domain shows itself by what its operator answers for: then a person has to look.
  const answered = foreignSpfPass / messages >= mostly && kind === 'domain'
  return { state: signs >= (answered ? 3 : 2) ? 'rejected' : 'unknown', reasons }
}

const reason = (code: ProposalReason['code'], facts: Record<string, number> = {}): ProposalReason => ({ code, facts })
