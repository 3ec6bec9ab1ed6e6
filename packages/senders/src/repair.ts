import type { KnownSender, RecordTemplate } from './catalogue/types.ts'
import type { DiagnosisCode, DiagnosisFacts, DomainPolicy } from './diagnosis.ts'

export type StepCode =
  | 'if_yours'
  | 'sign_with_own_domain'
  | 'ask_own_signature'
  | 'sign_at_server'
  | 'publish_records'
  | 'own_return_path'
  | 'ask_return_path'
  | 'add_to_spf'
  | 'publish_spf'
  | 'mend_spf'
  | 'check_name_servers'
  | 'publish_key'
  | 'compare_key'
  | 'sign_last'
  | 'relax'
  | 'be_exact'
  | 'cover_subdomain'
  | 'sign_bounces'
  | 'name_helo_below'
  | 'use_other_domain'
  | 'nothing_forwarded'
  | 'signature_survives'
  | 'nothing_spoofed'
  | 'raise_policy'
  | 'policy_protects'
  | 'nothing_contradicted'
  | 'wait_for_reports'

/** What the sentence of a step mentions. */
export interface StepFacts {
  sender?: string
  /** The domain that the step is about: Author Domain, SPF domain, signing domain or Policy Domain. */
  domain?: string
  /** Name of a DNS record. */
  record?: string
  /** Terms for an SPF record, or a tag of the DMARC record. */
  value?: string
  policy?: string
}

export interface RepairStep {
  code: StepCode
  facts: StepFacts
}

export interface RepairRecord {
  name: string
  type: RecordTemplate['type']
  /** Parts in {braces} are for the operator to fill in. */
  value: string
  /** Whether name and value can be published as they stand. */
  known: boolean
}

export interface Repair {
  /** In the order in which they are done. */
  steps: RepairStep[]
  /** What is to be published in the DNS, as far as it is known. */
  records: RepairRecord[]
  /** https address of the service's own instructions. */
  instructions: string | null
  /** Whether SPF can align for mail of this sender at all; null: not known. */
  spfCanAlign: boolean | null
}

type Plan = Pick<Repair, 'steps' | 'records'>

/** What to do about a diagnosis, with names and values filled in for its Author Domain where the catalogue knows them. */
export function repair(code: DiagnosisCode, facts: DiagnosisFacts, service: KnownSender | null, policy: DomainPolicy): Repair {
  const { steps, records } = plans[code]({ facts, service, policy })
  const isTask = !finalSteps.has(steps.at(-1)?.code ?? 'wait_for_reports')
  return {
    steps: [
      ...(isTask && facts.state === 'unknown' ? [step('if_yours', { sender: facts.sender })] : []),
      ...steps,
      ...(isTask ? [step('wait_for_reports')] : []),
    ],
    records,
    instructions: isTask ? (service?.instructions ?? null) : null,
    spfCanAlign: service ? service.alignment.spf !== 'never' : facts.state === 'own' ? true : null,
  }
}

interface Case {
  facts: DiagnosisFacts
  service: KnownSender | null
  policy: DomainPolicy
}

const step = (code: StepCode, facts: StepFacts = {}): RepairStep => ({ code, facts })
const plan = (...steps: RepairStep[]): Plan => ({ steps, records: [] })

/** Steps after which there is nothing to wait for. */
const finalSteps: ReadonlySet<StepCode> = new Set(['signature_survives', 'raise_policy', 'policy_protects', 'nothing_contradicted'])

const plans: Record<DiagnosisCode, (it: Case) => Plan> = {
  not_signed: (it) => signing(it),
  signed_by_service: (it) => signing(it),
  subdomain_policy: (it) => {
    const { steps, records } = signing(it)
    const { from, policyTag, policy } = it.facts
    return { steps: [step('cover_subdomain', { domain: from, value: `${policyTag ?? 'p'}=${policy ?? 'none'}` }), ...steps], records }
  },
  signature_breaks: ({ facts }) =>
    (facts.passingReporters ?? 0) > 0
      ? plan(step('sign_last', { sender: facts.sender }))
      : plan(step('compare_key', { record: keyName(facts) }), step('sign_last', { sender: facts.sender })),
  key_missing_or_revoked: ({ facts, service }) => {
    const templates = recordsOf(service, 'dkim', facts.from)
    return {
      steps: [step('publish_key', { record: keyName(facts), sender: facts.sender })],
      records: templates.length > 0 ? templates : [toRecord({ type: 'TXT', name: keyName(facts), value: keyValue })],
    }
  },
  key_temperror: ({ facts }) => plan(step('check_name_servers', { domain: facts.signer ?? facts.from, record: keyName(facts) })),
  spf_foreign_bounce: (it) => returnPath(it),
  spf_not_listed: (it) => listing(it),
  spf_permerror: ({ facts }) => plan(step('mend_spf', { domain: facts.bounce ?? facts.from })),
  spf_temperror: ({ facts }) =>
    plan(step('check_name_servers', { domain: facts.bounce ?? facts.from, record: facts.bounce ?? facts.from })),
  strict_alignment: ({ facts }) =>
    plan(
      step('relax', { record: `_dmarc.${facts.domain}`, value: facts.mechanism === 'spf' ? 'aspf' : 'adkim' }),
      step('be_exact', { sender: facts.sender, domain: facts.from }),
    ),
  null_sender_helo: ({ facts }) => ({
    steps: [step('sign_bounces', { sender: facts.sender, domain: facts.from }), step('name_helo_below', { domain: facts.from })],
    records: [toRecord({ type: 'TXT', name: `{host}.${facts.from}`, value: 'v=spf1 a -all' })],
  }),
  forwarded: ({ facts }) => plan(step('nothing_forwarded', { sender: facts.sender }), step('signature_survives', { domain: facts.from })),
  spoofed: ({ facts, policy }) => {
    const applied = facts.policy ?? policy.p ?? 'none'
    const enforced = applied === 'reject' || applied === 'quarantine'
    return plan(
      step('nothing_spoofed', { sender: facts.sender }),
      step(enforced ? 'policy_protects' : 'raise_policy', { record: `_dmarc.${facts.domain}`, policy: applied }),
    )
  },
  reporter_contradicts: () => plan(step('nothing_contradicted')),
}

/** The way to an aligned signature, or round it where the service can't make one. */
function signing(it: Case): Plan {
  const { facts, service } = it
  const where = { sender: facts.sender, domain: facts.from }
  if (service === null) {
    if (facts.signer !== undefined && facts.dkimReason === 'signed_by_other_domain') return plan(step('ask_own_signature', where))
    const record = `{selector}._domainkey.${facts.from}`
    return { steps: [step('sign_at_server', { ...where, record })], records: [toRecord({ type: 'TXT', name: record, value: keyValue })] }
  }
  if (service.alignment.dkim !== 'own_domain') return returnPath(it)
  const records = recordsOf(service, 'dkim', facts.from)
  return { steps: [step('sign_with_own_domain', where), ...publishing(records)], records }
}

/** The way to a bounce domain below the Author Domain, or round it. */
function returnPath(it: Case): Plan {
  const { facts, service } = it
  const where = { sender: facts.sender, domain: facts.from }
  if (service === null) return plan(step('ask_return_path', where), step('ask_own_signature', where))
  if (service.alignment.spf === 'own_return_path') {
    const records = recordsOf(service, 'return_path', facts.from)
    return { steps: [step('own_return_path', where), ...publishing(records)], records }
  }
  if (service.alignment.spf === 'envelope_is_own') {
    const { steps, records } = listing({ ...it, facts: { ...facts, bounce: facts.from } })
    return { steps: [step('ask_return_path', where), ...steps], records }
  }
  return plan(step('use_other_domain', where))
}

const publishing = (records: readonly RepairRecord[]): RepairStep[] => (records.length > 0 ? [step('publish_records')] : [])

/** Permission of the addresses in the SPF record of MAIL FROM: the service's own include, so that new addresses of it are covered. */
function listing({ facts, service }: Case): Plan {
  const domain = facts.bounce ?? facts.from
  const terms = service?.spfInclude
    ? [`include:${service.spfInclude}`]
    : (facts.addresses ?? []).map((address) => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`)
  if (terms.length === 0) terms.push('include:{service}')
  const isNew = facts.spfReason === 'no_record'
  const value = isNew ? `v=spf1 ${terms.join(' ')} ~all` : `v=spf1 ${terms.join(' ')} {terms so far}`
  return {
    steps: [step(isNew ? 'publish_spf' : 'add_to_spf', { domain, value: terms.join(' '), sender: facts.sender })],
    records: [toRecord({ type: 'TXT', name: domain, value })],
  }
}

const keyValue = 'v=DKIM1; k=rsa; p={public key}'
const keyName = ({ selector, signer, from }: DiagnosisFacts): string => `${selector ?? '{selector}'}._domainkey.${signer ?? from}`

/** The records that a service asks its customers for, filled in for a domain. */
export function recordsOf(service: KnownSender | null, purpose: RecordTemplate['for'], domain: string): RepairRecord[] {
  return (service?.records ?? []).filter((it) => it.for === purpose).map((it) => toRecord(it, domain))
}

function toRecord({ type, name, value }: Pick<RecordTemplate, 'type' | 'name' | 'value'>, domain = ''): RepairRecord {
  const fill = (text: string) => text.replaceAll('{domain}', () => domain)
  const filled = { name: fill(name), value: fill(value) }
  return { ...filled, type, known: !`${filled.name}${filled.value}`.includes('{') }
}
