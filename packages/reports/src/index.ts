export type {
  AggregateHead,
  AggregateRecord,
  AggregateTotals,
  Dialect,
  Disposition,
  DkimAuth,
  DkimResult,
  Policy,
  PublishedPolicy,
  SpfAuth,
  SpfResult,
  Verdict,
} from './aggregate/types.ts'
export { type Envelope, readEnvelope } from './envelope.ts'
export type { FailureReport, SampleHeader } from './failure/types.ts'
export { defaultLimits, type LimitName, type Limits, limitTable, parseLimits, unlimited } from './limits.ts'
export { openPart, type PartOptions } from './part.ts'
export { type ReadOptions, readInput } from './read.ts'
export { type ReadEvent, type Reason, type ReasonCode, ReportError, type Warning } from './report.ts'
export { type ByteSource, fromBytes } from './source.ts'
export type { TlsFailureDetail, TlsPolicy, TlsReport } from './tls/types.ts'
