import { isAlignedUnder, organizationalDomain } from '@ruadar/dmarc'
import {
  type Diagnosis,
  diagnose,
  hintBits,
  hintOfName,
  isRepairable,
  knownSenderOf,
  type Proposal,
  propose,
  type SenderState,
  type Standing,
  type Task,
  taskOf,
} from '@ruadar/senders'
import type { DayOfReporter, KeyUse, PicturedSender, PicturedWay, Picture } from './picture.ts'

/** What a sender is to a domain, and what is wrong with its mail there. */
export interface Judgement {
  senderId: number
  state: SenderState
  proposal: Proposal
  diagnosis: Diagnosis | null
  task: Task | null
  firstDay: string | null
  lastDay: string | null
  /** Messages of the days that the picture shows. */
  messages: number
}

/** Judges the senders of a picture: pure, the same picture gives the same judgements. */
export function judge(picture: Picture): Judgement[] {
  const ways = bySender(picture.ways)
  const days = bySender(picture.days)
  const keys = strongestUse(picture.keys)
  return picture.senders.map((sender) =>
    judgeSender(picture, sender, ways.get(sender.senderId) ?? [], days.get(sender.senderId) ?? [], keys),
  )
}

function judgeSender(
  { domain, policy }: Picture,
  sender: PicturedSender,
  ways: readonly PicturedWay[],
  days: readonly DayOfReporter[],
  keys: ReadonlyMap<string, KeyUse>,
): Judgement {
  const { senderId, key, name, kind, firstDay, lastDay } = sender
  const proposal = propose(standingOf(domain, policy, sender, ways, days, keys))
  const state = sender.decided && sender.state ? sender.state : proposal.state
  const diagnosis = diagnose({ domain, policy, sender: { key, name, kind, service: knownSenderOf(key) }, state, ways })
  // What nobody at this domain can repair is nobody's task.
  const isTask = state !== 'forwarder' && state !== 'rejected' && (diagnosis === null || isRepairable(diagnosis.code))
  const messages = days.reduce((sum, { pass, fail }) => sum + pass + fail, 0)
  return { senderId, state, proposal, diagnosis, task: isTask ? taskOf(days) : null, firstDay, lastDay, messages }
}

function bySender<T extends { senderId: number }>(items: readonly T[]): Map<number, T[]> {
  const found = new Map<number, T[]>()
  for (const item of items) {
    const known = found.get(item.senderId)
    if (known) known.push(item)
    else found.set(item.senderId, [item])
  }
  return found
}

/** Who brings most mail with a key: there it is signed. */
function strongestUse(keys: readonly KeyUse[]): Map<string, KeyUse> {
  const strongest = new Map<string, KeyUse>()
  for (const use of keys) {
    const known = strongest.get(keyName(use))
    if (!known || use.messages > known.messages || (use.messages === known.messages && use.senderId < known.senderId)) {
      strongest.set(keyName(use), use)
    }
  }
  return strongest
}

const keyName = ({ domain, selector }: { domain: string; selector: string | null }): string =>
  `${selector?.toLowerCase() ?? ''}@${domain.toLowerCase()}`

function standingOf(
  domain: string,
  policy: Picture['policy'],
  sender: PicturedSender,
  ways: readonly PicturedWay[],
  days: readonly DayOfReporter[],
  keys: ReadonlyMap<string, KeyUse>,
): Standing {
  const count = (fits: (way: PicturedWay) => boolean) => ways.reduce((sum, way) => (fits(way) ? sum + way.messages : sum), 0)
  const service = knownSenderOf(sender.key)
  const own = organizationalDomain(domain) ?? domain
  const isOwn = (name: string) => name === own || name.endsWith(`.${own}`)
  const alignedPasses = (way: PicturedWay) =>
    way.dkim.filter((it) => it.result === 'pass' && isAlignedUnder(policy, it.domain, way.headerFrom, policy.adkim ?? 'r'))
  const names = [sender.name, ...sender.hosts, ...ways.flatMap((way) => way.spf.map((it) => it.domain))]
  return {
    kind: sender.kind,
    role: service?.role ?? null,
    isOwnOrganisation: sender.key === `domain:${own}`,
    looksLikeList: names.some((name) => hintOfName(name) === 'mailing_list'),
    messages: count(() => true),
    bothAligned: count(({ verdicts }) => verdicts.dkim === 'pass' && verdicts.spf === 'pass'),
    dkimAligned: count(({ verdicts }) => verdicts.dkim === 'pass' && verdicts.spf !== 'pass'),
    spfAligned: count(({ verdicts }) => verdicts.dkim !== 'pass' && verdicts.spf === 'pass'),
    signedElsewhere: count((way) => {
      const signed = way.verdicts.spf === 'pass' ? [] : alignedPasses(way)
      const uses = signed.map((it) => keys.get(keyName({ domain: it.domain, selector: it.selector ?? null })))
      return signed.length > 0 && uses.every((use) => use !== undefined && use.senderId !== sender.senderId)
    }),
    signatureBroken: count((way) => way.dkim.some((it) => isOwn(it.domain) && it.result === 'fail') && way.verdicts.dkim !== 'pass'),
    foreignSpfPass: count((way) => way.spf.some((it) => it.result === 'pass' && it.domain !== '' && !isOwn(it.domain))),
    spfFail: count((way) => way.spf.some((it) => it.result === 'fail' || it.result === 'softfail')),
    mailingList: count(({ hints }) => (hints & hintBits.mailingList) !== 0),
    forwarded: count(({ hints }) => (hints & hintBits.forwarded) !== 0),
    arc: count(({ hints }) => (hints & hintBits.arc) !== 0),
    sources: sender.sources,
    namedSources: sender.namedSources,
    days: new Set(days.map(({ day }) => day)).size,
    spanDays: spanOf(days),
    failingDomains: sender.failingDomains,
  }
}

/** Days from the first to the last, both counted. */
function spanOf(days: readonly DayOfReporter[]): number {
  const sorted = days.map(({ day }) => Date.parse(day)).sort((a, b) => a - b)
  return Math.round(((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / 86_400_000) + 1
}
