import { Type, type Static } from 'typebox'
import { nullable } from './filter.ts'

export const ReportKind = Type.Union([Type.Literal('aggregate'), Type.Literal('failure'), Type.Literal('tls')])
export type ReportKind = Static<typeof ReportKind>

/** Something that had to be repaired in a reporter's reports. */
export const DeviationItem = Type.Object({
  reporter: nullable(Type.String({ description: 'null where the report did not say' })),
  kind: ReportKind,
  code: Type.String(),
  path: Type.String({ description: 'Place in the report, without the numbers of records' }),
  reports: Type.Integer({ description: 'Reports in which it occurred' }),
  firstAt: Type.String({ format: 'date-time', description: 'When the first such report was read' }),
  lastAt: Type.String({ format: 'date-time' }),
  lastValue: nullable(Type.String({ description: 'Raw value in the newest one; never of failure reports, which are other people’s mail' })),
  lastReportId: nullable(Type.String({ description: 'Newest such report, of that kind; null once it was deleted' })),
})
export type DeviationItem = Static<typeof DeviationItem>

export const DeviationQuery = Type.Object({
  reporter: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
  kind: Type.Optional(ReportKind),
  code: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
})
export type DeviationQuery = Static<typeof DeviationQuery>
