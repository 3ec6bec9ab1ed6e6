import { explain, isAlignedUnder, organizationalDomain, recompute } from '@ruadar/dmarc'
import type { DiagnoseInput, DiagnosisCode, DiagnosisFacts, ReportedWay } from './diagnosis.ts'
import { hintBits } from './diagnosis.ts'

/** Services whose customers have mail passed on, besides sending their own. */
const passingKinds: ReadonlySet<string> = new Set(['mailbox_provider', 'security_gateway', 'hosting', 'forwarder', 'mailing_list'])

export type WayFacts = Omit<DiagnosisFacts, 'domain' | 'sender' | 'state' | 'failingReporters' | 'reporters'>
export interface WayCause {
  code: DiagnosisCode
  facts: WayFacts
}

/** What reporters write beside a signature whose key they did not find, or found empty (section 3.6.1 of RFC 6376: an empty p= is revoked). */
const keyWords =
  /\b(no|missing|bad|invalid|revoked|unavailable|empty)\b.{0,20}\bkey\b|\bkey\b.{0,30}\b(not|no|missing|revoked|unavailable|syntax|empty)\b/i

/** Why a failing way fails. The order of the questions is the order in which one answer makes the next pointless. */
export function diagnoseWay(way: ReportedWay, input: DiagnoseInput): WayCause {
  const { policy, state } = input
  const facts = { from: way.headerFrom, ...reasonsOf(way, input) }
  const as = (code: DiagnosisCode, more: Partial<WayFacts> = {}): WayCause => ({ code, facts: { ...facts, ...more } })

  if (state === 'rejected') return as('spoofed')
  const judged = recompute({ ...way, dkim: way.verdicts.dkim, spf: way.verdicts.spf, auth: way }, policy)
  if (judged.dmarc === 'pass') return as('reporter_contradicts', { mechanism: judged.dkim === 'pass' ? 'dkim' : 'spf', reported: 'fail' })
  const hint = passedOn(way, facts, input)
  if (hint !== null) return as('forwarded', hint === 'state' ? {} : { hint })
  if (facts.dkimReason === 'strict_alignment') return as('strict_alignment', { mechanism: 'dkim' })
  if (facts.spfReason === 'strict_alignment') return as('strict_alignment', { mechanism: 'spf' })
  const parent = passingAbove(way, input)
  if (parent !== null) return as('subdomain_policy', { signer: parent })
  if (facts.dkimReason === 'signature_failed' || facts.dkimReason === 'dns_error') return as(brokenSignature(way, facts))
  return as(unaligned(way, facts, input))
}

function reasonsOf(way: ReportedWay, { policy, domain }: DiagnoseInput): Omit<WayFacts, 'from'> {
  const { dkim, spf } = explain({ ...way, policy })
  const below = way.headerFrom !== domain && way.headerFrom.endsWith(`.${domain}`)
  const tag = policy.sp ? 'sp' : 'p'
  const governing = policy[tag]
  return {
    ...(dkim && {
      dkimReason: dkim.code,
      ...(dkim.domain && { signer: dkim.domain }),
      ...(dkim.selector && { selector: dkim.selector }),
      ...(dkim.result && { dkimResult: dkim.result }),
    }),
    ...(spf && {
      spfReason: spf.code,
      ...(spf.domain && { bounce: spf.domain }),
      ...(spf.result && { spfResult: spf.result }),
    }),
    ...(below && governing && { policyTag: tag, policy: governing, ...(policy.np && { np: policy.np }) }),
  }
}

/**
 * Whether the mail was passed on by somebody else. An override that says so counts for every sender. An ARC comment does not: OpenDMARC
 * writes one on every record (row 45), so it needs a broken signature of the Author Domain beside it. That and a bounce domain that
 * passes for a foreign host is how lists and rewriting forwarders look when nobody has said what this sender is; a service that the
 * catalogue knows to send for its customers has a wrong key instead.
 */
function passedOn(way: ReportedWay, facts: WayFacts, { state, sender }: DiagnoseInput): NonNullable<WayFacts['hint']> | 'state' | null {
  if (way.hints & hintBits.mailingList) return 'mailing_list'
  if (way.hints & hintBits.forwarded) return 'forwarded'
  if (state === 'forwarder' || sender.service?.role === 'forwards') return 'state'
  const broken = facts.dkimReason === 'signature_failed'
  if (broken && way.hints & hintBits.arc) return 'arc'
  const mayPassOn = sender.service === null || passingKinds.has(sender.kind)
  return broken && mayPassOn && state === 'unknown' && facts.spfReason === 'passes_for_other_domain' ? 'state' : null
}

/** A domain of the same organisation that passed, and does not align because a DNS tree walk ends at the Policy Domain (RFC 9989 4.10). */
function passingAbove(way: ReportedWay, { policy }: DiagnoseInput): string | null {
  const organization = organizationalDomain(way.headerFrom)
  if (policy.discoveryMethod !== 'treewalk' || organization === null) return null
  const passed = [...way.dkim, ...way.spf].filter((it) => it.result === 'pass' && organizationalDomain(it.domain) === organization)
  return passed.find((it) => !isAlignedUnder(policy, it.domain, way.headerFrom, 'r'))?.domain ?? null
}

function brokenSignature(way: ReportedWay, facts: WayFacts): DiagnosisCode {
  const said = way.dkim.find((it) => it.domain === facts.signer && (it.selector ?? undefined) === facts.selector)?.humanResult ?? ''
  if (facts.dkimResult === 'temperror') return 'key_temperror'
  if (facts.dkimResult === 'permerror' || keyWords.test(said)) return 'key_missing_or_revoked'
  return 'signature_breaks'
}

/**
 * Neither mechanism is about the Author Domain, or only SPF is. The better repair names the cause: DKIM where the service can sign with
 * the customer's domain, as it survives forwarding; else SPF, where MAIL FROM is in the Author Domain's organisation already.
 */
function unaligned(way: ReportedWay, facts: WayFacts, { policy, sender }: DiagnoseInput): DiagnosisCode {
  const can = sender.service?.alignment
  const isSigned = facts.dkimReason === 'signed_by_other_domain'
  const ownBounce = facts.bounce !== undefined && isAlignedUnder(policy, facts.bounce, way.headerFrom, 'r')
  if (!isSigned && isNullSender(way)) return 'null_sender_helo'
  if (ownBounce && facts.spfReason === 'dns_error') return facts.spfResult === 'temperror' ? 'spf_temperror' : 'spf_permerror'
  if (can?.dkim === 'own_domain') return isSigned ? 'signed_by_service' : 'not_signed'
  if (ownBounce && (facts.spfReason === 'not_permitted' || facts.spfReason === 'no_record')) return 'spf_not_listed'
  if (isSigned && (can === undefined || facts.spfReason !== 'passes_for_other_domain')) return 'signed_by_service'
  return facts.spfReason === 'passes_for_other_domain' ? 'spf_foreign_bounce' : 'not_signed'
}

/** Reporters that leave MAIL FROM out still say that it was the HELO name that they checked. */
function isNullSender({ envelopeFrom, spf }: ReportedWay): boolean {
  return envelopeFrom === '' || (envelopeFrom === null && spf.length > 0 && spf.every((it) => it.scope === 'helo'))
}
