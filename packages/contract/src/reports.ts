import { Type, type Static } from 'typebox'
import { Disposition, nullable, Verdict } from './filter.ts'
import { Counts, PublishedPolicy } from './numbers.ts'
import { AuthDkim, AuthSpf } from './sources.ts'

export const ReportState = Type.Union([Type.Literal('counted'), Type.Literal('conflict')], {
  description: 'conflict: same key as a counted report but other content; kept, not in any sum',
})

export const ReportItem = Type.Object({
  id: Type.String(),
  reporter: Type.String(),
  domain: Type.String(),
  reportId: nullable(Type.String()),
  begin: Type.String({ format: 'date-time' }),
  end: Type.String({ format: 'date-time' }),
  day: Type.String({ description: 'UTC day of begin: the day that the report counts for' }),
  records: Type.Integer({ description: 'Rows' }),
  ...Counts,
  state: ReportState,
  warnings: Type.Integer(),
  storedAt: Type.String({ format: 'date-time' }),
})
export type ReportItem = Static<typeof ReportItem>

export const ReportQuery = Type.Object({ state: Type.Optional(ReportState) })

export const ReportWarning = Type.Object({ code: Type.String(), path: Type.String(), value: nullable(Type.String()) })

export const ReportDetail = Type.Object({
  ...ReportItem.properties,
  orgName: nullable(Type.String()),
  email: nullable(Type.String()),
  extraContactInfo: nullable(Type.String()),
  errors: Type.Array(Type.String()),
  generator: nullable(Type.String()),
  policy: PublishedPolicy,
  warningList: Type.Array(ReportWarning),
  mailId: Type.String(),
  part: Type.String(),
  conflictsWith: nullable(Type.String({ description: 'Id of the report with the same key' })),
  recordsDeleted: nullable(
    Type.Object(
      { at: Type.String({ format: 'date-time' }), message: Type.String({ description: 'The same as a sentence' }) },
      { description: 'When the retention setting deleted its records; head and totals stay. null: they are here' },
    ),
  ),
})
export type ReportDetail = Static<typeof ReportDetail>

export const RecordItem = Type.Object({
  row: Type.Integer({ description: 'Place in the report, from 1' }),
  source: nullable(Type.String()),
  messages: Type.Integer(),
  disposition: Disposition,
  dkim: Verdict,
  spf: Verdict,
  recomputed: Type.Object({ dkim: Verdict, spf: Verdict, dmarc: Verdict }),
  headerFrom: nullable(Type.String()),
  envelopeFrom: nullable(Type.String()),
  envelopeTo: nullable(Type.String()),
  overrides: Type.Array(Type.Object({ type: Type.String(), comment: nullable(Type.String()) })),
  authDkim: Type.Array(AuthDkim),
  authSpf: Type.Array(AuthSpf),
})
export type RecordItem = Static<typeof RecordItem>
