import { isAlignedUnder, recompute } from '@ruadar/dmarc'
import { diagnoseWay, type WayCause } from './diagnose-way.ts'
import {
  type DiagnoseInput,
  type Diagnosis,
  type DiagnosisCode,
  diagnosisCodes,
  type DiagnosisFacts,
  type ReportedWay,
} from './diagnosis.ts'

const mostAddresses = 20
const mostReporters = 3
const mostEvidence = 3

/** Below all of these a sender passes: temporary errors and single forwardings are part of any mail that goes to many receivers. */
const noise = { share: 0.02, messages: 500 }
const handful = { share: 0.05, messages: 5 }

interface Caused extends WayCause {
  way: ReportedWay
}

/**
 * The one cause that explains most of what failed of a sender's mail of a domain; of equals the one nearest to a repair. Null when
 * nothing fails, or so little that it is noise: under 2 % and 500 messages, or at most 5 messages that are no more than 5 %.
 * When nothing fails but a reporter passed mail that its own results do not, that is said.
 */
export function diagnose(input: DiagnoseInput): Diagnosis | null {
  const ways = input.ways.toSorted((a, b) => b.messages - a.messages || compare(keyOf(a), keyOf(b)))
  const total = sum(ways)
  const failing = ways.filter((way) => !passes(way))
  const caused: Caused[] = isNoise(sum(failing), total)
    ? wronglyPassed(ways, total, input)
    : withSubdomains(
        failing.map((way) => ({ way, ...diagnoseWay(way, input) })),
        input,
      )
  const code = leadingCode(caused)
  if (code === null) return null
  const explained = caused.filter((it) => it.code === code)
  const messages = sum(explained.map(({ way }) => way))
  return {
    code,
    facts: factsOf(explained, input),
    messages,
    share: messages / sum(caused.map(({ way }) => way)),
    evidence: explained.slice(0, mostEvidence).map(({ way }) => way),
  }
}

const passes = ({ verdicts }: ReportedWay): boolean => verdicts.dkim === 'pass' || verdicts.spf === 'pass'
const sum = (ways: readonly ReportedWay[]): number => ways.reduce((messages, way) => messages + way.messages, 0)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const keyOf = ({ headerFrom, envelopeFrom, dkim, spf, verdicts, sources, reporters }: ReportedWay): string =>
  JSON.stringify([headerFrom, envelopeFrom, dkim, spf, verdicts, sources.toSorted(), reporters.toSorted()])

function isNoise(failing: number, total: number): boolean {
  const share = failing / total
  return failing === 0 || (share < noise.share && failing < noise.messages) || (failing <= handful.messages && share <= handful.share)
}

/** What was reported as a pass although neither result of the same record aligns; as rare as noise it is nobody's concern either. */
function wronglyPassed(ways: readonly ReportedWay[], total: number, { policy, state }: DiagnoseInput): Caused[] {
  if (state === 'rejected') return []
  const wrong = ways.filter((way) => passes(way) && recompute({ ...way, ...way.verdicts, auth: way }, policy).dmarc === 'fail')
  if (isNoise(sum(wrong), total)) return []
  return wrong.map((way) => ({
    way,
    code: 'reporter_contradicts',
    facts: { from: way.headerFrom, mechanism: way.verdicts.dkim === 'pass' ? 'dkim' : 'spf', reported: 'pass' },
  }))
}

const aboutSetup: ReadonlySet<DiagnosisCode> = new Set(['not_signed', 'signed_by_service', 'spf_not_listed', 'spf_foreign_bounce'])

/** A sender that aligns for the domain itself and not for one below it was set up for the domain only. */
function withSubdomains(caused: Caused[], { domain, ways }: DiagnoseInput): Caused[] {
  const setUp = new Set(ways.filter(passes).map((way) => way.headerFrom))
  if (!setUp.has(domain)) return caused
  return caused.map((it) =>
    aboutSetup.has(it.code) && it.way.headerFrom.endsWith(`.${domain}`) && !setUp.has(it.way.headerFrom)
      ? { ...it, code: 'subdomain_policy' }
      : it,
  )
}

function leadingCode(caused: readonly Caused[]): DiagnosisCode | null {
  const messages = new Map<DiagnosisCode, number>()
  for (const { code, way } of caused) messages.set(code, (messages.get(code) ?? 0) + way.messages)
  const ranked = diagnosisCodes.filter((code) => messages.has(code)).toSorted((a, b) => (messages.get(b) ?? 0) - (messages.get(a) ?? 0))
  return ranked[0] ?? null
}

function factsOf(explained: readonly Caused[], { domain, sender, state, policy, ways }: DiagnoseInput): DiagnosisFacts {
  const [largest] = explained
  const reporters = [...new Set(explained.flatMap(({ way }) => way.reporters.toSorted()))]
  const facts: DiagnosisFacts = {
    ...(largest as Caused).facts,
    domain,
    sender: sender.name,
    state,
    failingReporters: reporters.length,
    reporters: reporters.slice(0, mostReporters),
  }
  const code = largest?.code
  if (code === 'spf_not_listed') {
    const addresses = [...new Set(explained.flatMap(({ way }) => way.sources.toSorted()))]
    facts.addresses = addresses.slice(0, mostAddresses)
    if (addresses.length > mostAddresses) facts.moreAddresses = addresses.length - mostAddresses
  }
  if (code === 'signature_breaks') {
    const signs = (way: ReportedWay) =>
      way.dkim.some((it) => it.result === 'pass' && isAlignedUnder(policy, it.domain, way.headerFrom, policy.adkim ?? 'r'))
    facts.passingReporters = new Set(ways.filter(signs).flatMap((way) => way.reporters)).size
  }
  return facts
}
