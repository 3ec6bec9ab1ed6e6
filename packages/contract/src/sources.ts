import { Type, type Static } from 'typebox'
import { Disposition, nullable, Verdict } from './filter.ts'
import { Counts, Dispositions, DaySums } from './numbers.ts'

/** Why one mechanism failed to align, with the messages it concerns. The sentence is the reader's language's business. */
export const FailureReason = Type.Object({
  mechanism: Type.Union([Type.Literal('dkim'), Type.Literal('spf')]),
  code: Type.String({
    description: 'not_signed, signed_by_other_domain, signature_failed, strict_alignment, passes_for_other_domain, not_permitted, …',
  }),
  domain: nullable(Type.String({ description: 'The domain that was used instead, or that failed' })),
  result: nullable(Type.String({ description: 'Raw result of the mechanism' })),
  headerFrom: Type.String(),
  messages: Type.Integer(),
})
export type FailureReason = Static<typeof FailureReason>

export const SourceItem = Type.Object({
  source: Type.String({ description: 'IP address; `::` stands for rows whose reporter left it out' }),
  ...Counts,
  firstDay: Type.String(),
  lastDay: Type.String(),
  reasons: Type.Array(FailureReason, { description: 'Of the failing messages, largest first, at most 4' }),
})
export type SourceItem = Static<typeof SourceItem>

export const AuthDkim = Type.Object({
  domain: nullable(Type.String()),
  selector: nullable(Type.String()),
  result: Type.String(),
  humanResult: nullable(Type.String()),
  aligned: Type.Boolean({ description: 'Whether this domain matches the Author Domain, whatever the result' }),
})
export const AuthSpf = Type.Object({
  domain: nullable(Type.String()),
  scope: nullable(Type.String()),
  result: Type.String(),
  humanResult: nullable(Type.String()),
  aligned: Type.Boolean(),
})

/** One way in which this source's mail authenticated: aligned and raw results side by side. */
export const SourceIdentity = Type.Object({
  domain: Type.String({ description: 'Policy Domain' }),
  headerFrom: Type.String(),
  envelopeFrom: nullable(Type.String()),
  dkim: Verdict,
  spf: Verdict,
  disposition: Disposition,
  authDkim: Type.Array(AuthDkim),
  authSpf: Type.Array(AuthSpf),
  messages: Type.Integer(),
})
export type SourceIdentity = Static<typeof SourceIdentity>

export const SourceDetail = Type.Object({
  source: Type.String(),
  from: Type.String(),
  to: Type.String(),
  ...Counts,
  dispositions: Dispositions,
  firstDay: nullable(Type.String()),
  lastDay: nullable(Type.String()),
  reasons: Type.Array(FailureReason),
  identities: Type.Array(SourceIdentity, { description: 'Largest first, at most 50' }),
  reporters: Type.Array(Type.Object({ reporter: Type.String(), ...Counts })),
  domains: Type.Array(Type.Object({ domain: Type.String(), ...Counts })),
  days: Type.Array(DaySums),
})
export type SourceDetail = Static<typeof SourceDetail>

export const SourceQuery = Type.Object({
  sort: Type.Optional(Type.Union([Type.Literal('failing'), Type.Literal('messages')], { default: 'failing' })),
})
