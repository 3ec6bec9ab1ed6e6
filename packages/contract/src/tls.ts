import { Type, type Static } from 'typebox'
import { Filter, nullable } from './filter.ts'
import { ReportState, ReportWarning } from './reports.ts'

const Time = Type.String({ format: 'date-time' })
const Text = nullable(Type.String())

/** What of the filter a TLS report can answer: it knows no mail sources and no verdicts. */
export const TlsFilter = Type.Object({
  domain: Type.Optional({ ...Filter.properties.domain, description: 'Policy domain; for tlsa the host of an MX' }),
  from: Filter.properties.from,
  to: Filter.properties.to,
  reporter: Type.Optional({ ...Filter.properties.reporter, description: 'Organisation that sent the report, in lower case' }),
})
export type TlsFilter = Static<typeof TlsFilter>

/** Sessions, as reported, of counted reports. Failures by type overlap and need not add up to `failed` (report-formats.md 4.1). */
export const Sessions = { successful: Type.Integer(), failed: Type.Integer() }

const ShownPolicy = Type.Object({
  policyStrings: Type.Array(Type.String()),
  mxHosts: Type.Array(Type.String()),
  day: Type.String(),
  reporter: Text,
})

export const TlsDomain = Type.Object({
  domain: nullable(Type.String({ description: 'null where neither report nor mail said' })),
  ...Sessions,
  reporters: Type.Integer(),
  lastDay: Type.String({ description: 'UTC day of the newest report of the period' }),
  policies: Type.Array(
    Type.Object({
      policyType: Type.String({ description: 'sts, tlsa, no-policy-found, or what the sender wrote' }),
      ...Sessions,
      newest: nullable({ ...ShownPolicy, description: 'What the newest report of the period says of it' }),
    }),
    { description: 'Most sessions first, at most 10' },
  ),
})
export type TlsDomain = Static<typeof TlsDomain>

/** One element for every UTC day of the period, days without reports included. */
export const TlsTimeline = Type.Object({
  from: Type.String(),
  to: Type.String(),
  days: Type.Array(Type.Object({ day: Type.String(), ...Sessions })),
})
export type TlsTimeline = Static<typeof TlsTimeline>

export const TlsFailureItem = Type.Object({
  resultType: Type.String({ description: 'One of RFC 8460 4.3 or what the sender wrote: the list is open' }),
  receivingMx: nullable(Type.String({ description: 'null where the reporter named none' })),
  sessions: Type.Integer(),
  reporters: Type.Array(Type.String(), { description: 'At most 20, by name' }),
  domains: Type.Array(Type.String(), { description: 'At most 20, by name' }),
  sendingMtas: Type.Array(Type.Object({ ip: Type.String(), sessions: Type.Integer() }), { description: 'Most sessions first, at most 10' }),
  firstDay: Type.String(),
  lastDay: Type.String(),
})
export type TlsFailureItem = Static<typeof TlsFailureItem>

export const TlsReportItem = Type.Object({
  id: Type.String(),
  reporter: Text,
  domain: nullable(Type.String({ description: 'Of its first policy' })),
  reportId: Text,
  begin: Time,
  end: Time,
  day: Type.String({ description: 'UTC day of begin: the day that the report counts for' }),
  policies: Type.Integer(),
  ...Sessions,
  state: ReportState,
  warnings: Type.Integer(),
  storedAt: Time,
})
export type TlsReportItem = Static<typeof TlsReportItem>

export const TlsReportQuery = Type.Object({ state: Type.Optional(ReportState) })

export const TlsFailureDetailItem = Type.Object({
  resultType: Type.String(),
  sendingMtaIp: Text,
  receivingMxHostname: Text,
  receivingMxHelo: Text,
  receivingIp: Text,
  sessions: Type.Integer(),
  additionalInformation: nullable(Type.String({ description: 'As reported. To be linked only when it is http(s).' })),
  failureReasonCode: Text,
})

export const TlsReportDetail = Type.Object({
  ...TlsReportItem.properties,
  organization: Text,
  contact: Text,
  policyList: Type.Array(
    Type.Object({
      policyType: Type.String(),
      domain: Text,
      policyStrings: Type.Array(Type.String()),
      mxHosts: Type.Array(Type.String()),
      ...Sessions,
      failures: Type.Integer({ description: 'How many details the report has' }),
      failureDetails: Type.Array(TlsFailureDetailItem, { description: 'In the order of the report, the first 1000' }),
    }),
  ),
  warningList: Type.Array(ReportWarning),
  mailId: Type.String(),
  part: Type.String(),
  conflictsWith: nullable(Type.String({ description: 'Id of the report with the same key' })),
})
export type TlsReportDetail = Static<typeof TlsReportDetail>
