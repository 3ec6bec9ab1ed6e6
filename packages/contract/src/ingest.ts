import { Type, type Static } from 'typebox'
import { ReportKind } from './deviations.ts'
import { nullable } from './filter.ts'

/** Every mail ends in one of these; `stored` means that it still waits for a reader. */
export const MailState = Type.Union([
  Type.Literal('stored'),
  Type.Literal('imported'),
  Type.Literal('duplicate'),
  Type.Literal('conflict'),
  Type.Literal('ignored'),
  Type.Literal('quarantined'),
])
export type MailState = Static<typeof MailState>

const OutcomeWord = Type.Union([
  Type.Literal('imported'),
  Type.Literal('duplicate'),
  Type.Literal('conflict'),
  Type.Literal('ignored'),
  Type.Literal('quarantined'),
])

export const Outcome = Type.Object({
  part: Type.String({ description: 'Place inside the mail or file' }),
  outcome: OutcomeWord,
  kind: nullable(ReportKind),
  reportId: nullable(Type.String({ description: 'Our id of the aggregate report, for imported, duplicate, conflict and `null_report`' })),
  failureReportId: nullable(Type.String({ description: 'Our id of the failure report, until it is deleted' })),
  tlsReportId: nullable(Type.String({ description: 'Our id of the TLS report' })),
  code: nullable(Type.String()),
  message: nullable(Type.String()),
})
export type Outcome = Static<typeof Outcome>

export const MailItem = Type.Object({
  id: Type.String(),
  origin: Type.Union([Type.Literal('imap'), Type.Literal('import'), Type.Literal('upload'), Type.Literal('sample')]),
  mailbox: nullable(Type.String({ description: 'Name of the mailbox, for origin imap' })),
  filename: nullable(Type.String()),
  subject: nullable(Type.String()),
  sender: nullable(Type.String()),
  size: Type.Integer({ description: 'Bytes' }),
  reduced: Type.Boolean({ description: 'true: kept without the body of the message that its failure report shows' }),
  state: MailState,
  storedAt: Type.String({ format: 'date-time' }),
  readAt: nullable(Type.String({ format: 'date-time' })),
  outcomes: Type.Array(Outcome),
})
export type MailItem = Static<typeof MailItem>

export const MailQuery = Type.Object({
  state: Type.Optional(MailState),
  code: Type.Optional(Type.String({ maxLength: 60, description: 'Reason code of an outcome' })),
})

export const IngestSummary = Type.Object({
  mails: Type.Object({
    stored: Type.Integer(),
    imported: Type.Integer(),
    duplicate: Type.Integer(),
    conflict: Type.Integer(),
    ignored: Type.Integer(),
    quarantined: Type.Integer(),
  }),
  reasons: Type.Array(
    Type.Object({
      outcome: OutcomeWord,
      code: Type.String(),
      count: Type.Integer({ description: 'Parts of mails' }),
      mails: Type.Integer({ description: 'Mails with such a part' }),
    }),
  ),
})
export type IngestSummary = Static<typeof IngestSummary>

export const UploadResult = Type.Object({
  files: Type.Array(
    Type.Object({
      file: Type.String(),
      mailId: nullable(Type.String()),
      state: MailState,
      outcomes: Type.Array(Outcome),
    }),
  ),
})
export type UploadResult = Static<typeof UploadResult>

/** Which mails to read again; at least one of ids, code and state. What else is given narrows them. */
export const ReadAgainRequest = Type.Object({
  ids: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9]{1,15}$' }), { maxItems: 1000 })),
  code: Type.Optional(Type.String({ minLength: 1, maxLength: 60, description: 'Reason code of an outcome' })),
  outcome: Type.Optional({ ...OutcomeWord, description: 'Only with `code`: what became of the part that has it' }),
  state: Type.Optional(Type.Union([Type.Literal('quarantined'), Type.Literal('ignored')])),
})
export type ReadAgainRequest = Static<typeof ReadAgainRequest>
export const ReadAgainResult = Type.Object({ mails: Type.Integer({ description: 'Mails that wait for a reader again' }) })
export type ReadAgainResult = Static<typeof ReadAgainResult>

export const SampleResult = Type.Object({
  mails: Type.Integer({ description: 'Sample mails that were not there before' }),
  waiting: Type.Integer({ description: 'Sample mails that still wait for a reader' }),
})
export type SampleResult = Static<typeof SampleResult>
