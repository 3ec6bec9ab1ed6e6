import { Type, type Static } from 'typebox'
import { Disposition, Filter, nullable, Verdict } from './filter.ts'
import { ReportWarning } from './reports.ts'

const Time = Type.String({ format: 'date-time' })
const Text = nullable(Type.String())

/** What of the filter a failure report can answer: it is about one message, not about sums. */
export const FailureFilter = Type.Object({
  domain: Type.Optional({ ...Filter.properties.domain, description: 'Reported-Domain; without it all domains' }),
  from: Filter.properties.from,
  to: Filter.properties.to,
  reporter: Filter.properties.reporter,
  source: Filter.properties.source,
  authFailure: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'As listed by /failures/summary' })),
})
export type FailureFilter = Static<typeof FailureFilter>

export const FailureItem = Type.Object({
  id: Type.String(),
  domain: nullable(Type.String({ description: 'Domain of the From address of the message' })),
  source: nullable(Type.String({ description: 'IP address that sent the message' })),
  arrivedAt: Time,
  arrivalReported: Type.Boolean({ description: 'false: the reporter did not say when, and `arrivedAt` is when its mail came' }),
  feedbackType: Text,
  authFailure: nullable(Type.String({ description: 'dmarc, spf, signature, bodyhash, revoked, adsp, or what the reporter wrote' })),
  deliveryResult: Text,
  author: nullable(Type.String({ description: 'From field of the message' })),
  subject: Text,
  incidents: Type.Integer({ description: 'Messages that the report stands for' }),
  reporter: nullable(Type.String({ description: 'Domain that sent the report' })),
  warnings: Type.Integer(),
  storedAt: Time,
})
export type FailureItem = Static<typeof FailureItem>

const AuthFailureCount = Type.Object({ authFailure: Text, incidents: Type.Integer() })

/** One element of `days` for every UTC day of the period, days without reports included. */
export const FailureSummary = Type.Object({
  from: Type.String(),
  to: Type.String(),
  reports: Type.Integer(),
  incidents: Type.Integer(),
  authFailures: Type.Array(AuthFailureCount, { description: 'Largest first, at most 20' }),
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      reports: Type.Integer(),
      incidents: Type.Integer(),
      authFailures: Type.Array(AuthFailureCount, { description: 'Of those 20; the rest is in `incidents` only' }),
    }),
  ),
})
export type FailureSummary = Static<typeof FailureSummary>

export const SampleHeader = Type.Object({ name: Type.String(), value: Type.String() })

/** A sum of aggregate rows: what receivers counted of the same source at that time. */
export const EvidenceRow = Type.Object({
  day: Type.String(),
  domain: Type.String({ description: 'Policy Domain' }),
  headerFrom: Text,
  reporter: Type.String(),
  messages: Type.Integer(),
  dkim: Verdict,
  spf: Verdict,
  disposition: Disposition,
})
export const Evidence = Type.Object({
  from: Type.String({ description: 'First UTC day that was looked at' }),
  to: Type.String({ description: 'UTC day after the last one' }),
  rows: Type.Array(EvidenceRow, { description: 'Largest first, at most 100' }),
})
export type Evidence = Static<typeof Evidence>

/** Everything in it is hostile text: it is shown as text, nothing is loaded or linked. */
export const FailureDetail = Type.Object({
  ...FailureItem.properties,
  identityAlignment: nullable(
    Type.String({ description: 'As reported. RFC 9991 turned the meaning of RFC 6591 round; a report does not say which it follows.' }),
  ),
  userAgent: Text,
  mailFrom: nullable(Type.String({ description: 'Envelope sender; empty for the null reverse-path' })),
  rcptTo: Type.Array(Type.String()),
  authenticationResults: Type.Array(Type.String()),
  dkim: Type.Object({ domain: Text, selector: Text, identity: Text }),
  spfDns: Type.Array(Type.String()),
  messageId: Text,
  headers: Type.Array(SampleHeader, { description: 'Header fields of the message in its order' }),
  body: nullable(Type.String({ description: 'Start of the body, where RUADAR_SAMPLE_BODIES is yes and the reporter sent it' })),
  warningList: Type.Array(ReportWarning),
  mailId: Type.String(),
  part: Type.String(),
  addressesShown: Type.Boolean({ description: "false: the recipients' local parts are redacted, because the caller may not see them" }),
  openings: Type.Object(
    {
      count: Type.Integer(),
      latest: Type.Array(Type.Object({ at: Time, by: Type.String(), addressesShown: Type.Boolean() }), {
        description: 'Newest first, at most 20',
      }),
    },
    { description: 'How often this sample was opened before this time, and by whom' },
  ),
  keptUntil: nullable({ ...Time, description: 'When RUADAR_SAMPLE_DAYS deletes it' }),
  evidence: nullable(Evidence),
})
export type FailureDetail = Static<typeof FailureDetail>
