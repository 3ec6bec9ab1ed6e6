import { Type, type Static } from 'typebox'
import { nullable, pageOf } from './filter.ts'
import { Counts, Dispositions, DaySums } from './numbers.ts'
import { SourceIdentity } from './sources.ts'

export const SenderState = Type.Union(
  [Type.Literal('own'), Type.Literal('approved'), Type.Literal('forwarder'), Type.Literal('unknown'), Type.Literal('rejected')],
  { description: 'What the sender is to the domain: own, approved service, forwarder or mailing list, unknown, rejected (spoofer)' },
)
export type SenderState = Static<typeof SenderState>

const SenderKind = Type.String({
  description:
    'mailbox_provider, newsletter, transactional, crm, helpdesk, invoicing, security_gateway, forwarder, mailing_list, hosting, scanner, application; or domain, network, address for what the catalogue does not know',
})
const Facts = Type.Record(Type.String(), Type.Unknown(), { description: 'Numbers and names that the sentence is made of' })

export const Diagnosis = Type.Object({
  code: Type.String({
    description: 'not_signed, signed_by_service, signature_breaks, spf_foreign_bounce, spf_not_listed, forwarded, spoofed, …',
  }),
  text: Type.String({ description: 'English' }),
})

export const SenderItem = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  kind: SenderKind,
  state: SenderState,
  decided: Type.Boolean({ description: 'true: set by a person; false: proposed from the evidence' }),
  messages: Counts.messages,
  dmarcPass: Counts.dmarcPass,
  dmarcFail: Counts.dmarcFail,
  sources: Type.Integer({ description: 'Distinct addresses in the period; of all time when no domain is asked for' }),
  domains: Type.Array(Type.String(), { description: 'Policy Domains that it sends as in the period, largest first, at most 5' }),
  firstSeen: Type.String({ description: 'UTC day, of all time' }),
  lastSeen: Type.String(),
  trend: Type.Array(Type.Integer(), { description: 'Messages of the period in 12 equal parts' }),
  diagnosis: nullable(Diagnosis),
  task: nullable(Type.Union([Type.Literal('open'), Type.Literal('closed')], { description: 'Whether the repair is still to be done' })),
})
export type SenderItem = Static<typeof SenderItem>
export const SenderPage = pageOf(SenderItem)

export const SenderQuery = Type.Object({
  state: Type.Optional(SenderState),
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  undecided: Type.Optional(Type.Boolean({ description: 'Only those that nobody has decided on' })),
  task: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
  sort: Type.Optional(Type.Union([Type.Literal('failing'), Type.Literal('messages'), Type.Literal('newest')], { default: 'messages' })),
})
export type SenderQuery = Static<typeof SenderQuery>

/** How many senders of the period stand where; `waiting` addresses have not been given to a sender yet. */
export const SenderSummary = Type.Object({
  own: Type.Integer(),
  approved: Type.Integer(),
  forwarder: Type.Integer(),
  unknown: Type.Integer(),
  rejected: Type.Integer(),
  undecidedUnknown: Type.Integer({ description: 'The inbox' }),
  openTasks: Type.Integer(),
})
export type SenderSummary = Static<typeof SenderSummary>

export const IdentityEvidence = Type.Object({
  by: Type.String({ description: 'operator_rule, signature, selector, bounce_domain, host, network, address' }),
  value: Type.String(),
})

const Proposal = Type.Object({
  state: SenderState,
  reasons: Type.Array(Type.Object({ code: Type.String(), facts: Facts }), { description: 'Strongest first' }),
})

export const RepairRecord = Type.Object({
  name: Type.String(),
  type: Type.Union([Type.Literal('TXT'), Type.Literal('CNAME'), Type.Literal('MX')]),
  value: Type.String(),
  known: Type.Boolean({ description: 'false: a part in {braces} is made by the service for each customer' }),
})
export const Repair = Type.Object({
  steps: Type.Array(Type.Object({ code: Type.String(), facts: Facts, text: Type.String() })),
  records: Type.Array(RepairRecord),
  instructions: nullable(Type.String({ description: "https address of the service's own instructions" })),
  spfCanAlign: nullable(Type.Boolean({ description: 'null: not known' })),
})
export type Repair = Static<typeof Repair>

/** What the sender is to one domain. */
export const SenderDomain = Type.Object({
  domain: Type.String(),
  state: SenderState,
  decided: Type.Boolean(),
  proposal: nullable(Proposal),
  firstSeen: nullable(Type.String()),
  lastSeen: nullable(Type.String()),
  ...Counts,
  diagnosis: nullable(Type.Object({ ...Diagnosis.properties, facts: Facts })),
  repair: nullable(Repair),
  task: nullable(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
  taskSince: nullable(Type.String()),
})
export type SenderDomain = Static<typeof SenderDomain>

export const Decision = Type.Object({
  id: Type.Integer(),
  domain: Type.String(),
  sender: Type.String(),
  senderId: Type.Integer(),
  before: SenderState,
  state: nullable(SenderState),
  note: nullable(Type.String()),
  by: Type.String(),
  at: Type.String({ format: 'date-time' }),
  undone: Type.Boolean(),
})
export type Decision = Static<typeof Decision>

export const SenderDetail = Type.Object({
  id: Type.Integer(),
  key: Type.String(),
  name: Type.String(),
  kind: SenderKind,
  from: Type.String(),
  to: Type.String(),
  ...Counts,
  dispositions: Dispositions,
  evidence: Type.Array(IdentityEvidence, { description: 'What speaks for this name, strongest first' }),
  instructions: nullable(Type.String()),
  domains: Type.Array(SenderDomain, { description: 'Largest first, at most 50' }),
  signers: Type.Array(
    Type.Object({
      domain: Type.String(),
      selector: nullable(Type.String()),
      pass: Type.Integer(),
      fail: Type.Integer(),
      aligned: Type.Integer(),
    }),
    { description: 'DKIM domains and selectors with the messages they passed and failed for, at most 50' },
  ),
  bounceDomains: Type.Array(Type.Object({ domain: Type.String(), pass: Type.Integer(), fail: Type.Integer(), aligned: Type.Integer() })),
  reporters: Type.Array(Type.Object({ reporter: Type.String(), ...Counts })),
  days: Type.Array(DaySums),
  identities: Type.Array(SourceIdentity, { description: 'The ways in which its mail authenticated, largest first, at most 50' }),
  decisions: Type.Array(Decision, { description: 'Newest first, at most 50' }),
})
export type SenderDetail = Static<typeof SenderDetail>

/** An address of a sender, with what look-ups say of it. */
export const SenderSource = Type.Object({
  source: Type.String(),
  ...Counts,
  firstDay: Type.String(),
  lastDay: Type.String(),
  host: nullable(
    Type.Object({
      ptr: nullable(Type.String()),
      confirmed: Type.Boolean(),
      asn: nullable(Type.Integer()),
      network: nullable(Type.String()),
      country: nullable(Type.String()),
      lookedUpAt: nullable(Type.String({ format: 'date-time' })),
      problem: nullable(Type.String()),
      origins: Type.Record(Type.String(), Type.String(), {
        description: 'Where ptr, asn, network and country come from: dns, cymru, or the name of a file of address data',
      }),
    }),
  ),
})
export type SenderSource = Static<typeof SenderSource>

export const DecisionRequest = Type.Object({
  domain: nullable(Type.String({ minLength: 1, maxLength: 253, description: 'null: for every domain that the sender sends as' })),
  senders: Type.Array(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), { minItems: 1, maxItems: 500 }),
  state: nullable(SenderState),
  note: Type.Optional(Type.String({ maxLength: 500 })),
})
export type DecisionRequest = Static<typeof DecisionRequest>
export const DecisionAnswer = Type.Object({
  decisions: Type.Array(Type.Integer(), { description: 'Ids, to take them back with' }),
})
export type DecisionAnswer = Static<typeof DecisionAnswer>
export const UndoRequest = Type.Object({ decisions: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 1000 }) })

const Pattern = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 253, description }))
export const SenderRuleRequest = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  kind: Type.String({ maxLength: 40 }),
  match: Type.Object(
    {
      signer: Pattern('DKIM d=, this domain or one below it'),
      selector: Pattern('DKIM selector; * stands for any text'),
      bounce: Pattern('MAIL FROM domain, this one or one below it'),
      host: Pattern('Confirmed PTR name, this one or one below it'),
      network: Pattern('Addresses: 192.0.2.0/24 or one address'),
    },
    { minProperties: 1, additionalProperties: false, description: 'All that are given have to fit' },
  ),
})
export type SenderRuleRequest = Static<typeof SenderRuleRequest>
export const SenderRuleItem = Type.Object({
  id: Type.Integer(),
  ...SenderRuleRequest.properties,
  createdBy: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
})
export type SenderRuleItem = Static<typeof SenderRuleItem>
