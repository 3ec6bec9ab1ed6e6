import { Type, type Static } from 'typebox'
import { nullable } from './filter.ts'

/** Message counts that every aggregated answer carries. All are sums of `count`, as reported. */
export const Counts = {
  messages: Type.Integer(),
  dmarcPass: Type.Integer({ description: 'Messages with at least one aligned mechanism' }),
  dmarcFail: Type.Integer({ description: 'messages - dmarcPass' }),
  dkimAligned: Type.Integer(),
  spfAligned: Type.Integer(),
}
export const Dispositions = Type.Object({
  none: Type.Integer(),
  quarantine: Type.Integer(),
  reject: Type.Integer(),
  pass: Type.Integer(),
  unknown: Type.Integer(),
})

export const Summary = Type.Object({
  from: Type.String(),
  to: Type.String(),
  ...Counts,
  dispositions: Dispositions,
  reports: Type.Integer(),
  conflicts: Type.Integer({ description: 'Reports kept but not counted' }),
  sources: Type.Integer({ description: 'Distinct source IPs, unknown ones left out' }),
  domains: Type.Integer({ description: 'Distinct Policy Domains' }),
  reporters: Type.Integer(),
  lastReportAt: nullable(Type.String({ format: 'date-time', description: 'When the newest report was stored' })),
  dataFrom: nullable(
    Type.String({ description: 'First UTC day that any report of the domain and reporter counts for, inside the period or not' }),
  ),
  dataTo: nullable(Type.String({ description: 'UTC day after the last such day (exclusive)' })),
})
export type Summary = Static<typeof Summary>

export const DaySums = Type.Object({ day: Type.String(), ...Counts, dispositions: Dispositions })
export type DaySums = Static<typeof DaySums>

const TimelineDay = Type.Object({ ...DaySums.properties, reports: Type.Integer() })
/** One element for every UTC day of the period, days without mail included. */
export const Timeline = Type.Object({ from: Type.String(), to: Type.String(), days: Type.Array(TimelineDay) })
export type Timeline = Static<typeof Timeline>

export const PublishedPolicy = Type.Object({
  p: nullable(Type.String()),
  sp: nullable(Type.String()),
  np: nullable(Type.String()),
  adkim: nullable(Type.String()),
  aspf: nullable(Type.String()),
  pct: nullable(Type.Integer()),
  fo: nullable(Type.String()),
  testing: nullable(Type.String()),
  discoveryMethod: nullable(Type.String()),
})

export const DomainItem = Type.Object({
  domain: Type.String(),
  ...Counts,
  reports: Type.Integer(),
  policy: nullable(PublishedPolicy),
  lastReportAt: nullable(Type.String({ format: 'date-time' })),
})
export type DomainItem = Static<typeof DomainItem>

export const DomainQuery = Type.Object({
  sort: Type.Optional(Type.Union([Type.Literal('messages'), Type.Literal('failing')], { default: 'messages' })),
})

/** How far the domains with mail in the period are. */
export const DomainSummary = Type.Object({
  domains: Type.Integer({ description: 'Domains with messages' }),
  enforcing: Type.Integer({ description: 'Of these, domains whose newest report shows p=quarantine or p=reject' }),
})
export type DomainSummary = Static<typeof DomainSummary>

export const DomainNames = Type.Object({
  items: Type.Array(Type.String()),
  more: Type.Boolean({ description: 'There are others that fit' }),
})
export type DomainNames = Static<typeof DomainNames>

export const ReporterItem = Type.Object({
  reporter: Type.String(),
  email: nullable(Type.String()),
  reports: Type.Integer(),
  ...Counts,
  lastReportAt: nullable(Type.String({ format: 'date-time' })),
})
export type ReporterItem = Static<typeof ReporterItem>
