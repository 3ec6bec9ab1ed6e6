import type { AggregateHead, AggregateRecord, AggregateTotals } from './aggregate/types.ts'
import type { FailureReport } from './failure/types.ts'
import type { TlsReport } from './tls/types.ts'

/** Why an input, or one part of it, is not a report that can be used. `limit` names the setting that was hit and its value. */
export interface Reason {
  code: ReasonCode
  /** One English sentence for an operator; it never contains text of the input. */
  message: string
  /** Byte or character position, element path or part, where that helps to find the spot. */
  where?: string
  limit?: { name: string; value: number }
}

export type ReasonCode =
  | 'auto_reply'
  | 'bad_archive'
  | 'bad_gzip'
  | 'bad_mail'
  | 'bounce'
  | 'doctype'
  | 'empty'
  | 'limit'
  | 'no_feedback_fields'
  | 'no_period'
  | 'no_policy_domain'
  | 'no_records'
  | 'no_report_in_archive'
  | 'no_such_part'
  | 'not_a_report'
  | 'not_well_formed'
  | 'not_xml'
  | 'placeholder'
  | 'several_documents'
  | 'too_big_notice'
  | 'truncated'
  | 'unknown_format'
  | 'unsupported_archive'
  | 'unsupported_kind'
  | 'wrong_root'

/** The one error of this package: what was found wrong with hostile or broken input. */
export class ReportError extends Error {
  override readonly name = 'ReportError'
  readonly reason: Reason

  constructor(reason: Reason) {
    super(reason.message)
    this.reason = reason
  }
}

/** A deviation that did not keep the report from being read: a stable code, the element path, and the raw value (bounded). */
export interface Warning {
  code: string
  path: string
  value: string | null
}

/**
 * What reading one input yields. An aggregate report comes as `report`, any number of `records`, `end`; the other kinds, whose
 * size is bounded, as one event. `reduced` is the mail without the body of the message that a failure report shows: what may be
 * kept when bodies may not; null when the mail held more than this one report.
 * `part` says where in the input it stood, e.g. `eml:2>gz>xml`, or `json:1` in an array of reports; `openPart` finds it again by that address.
 */
export type ReadEvent =
  | { type: 'report'; part: string; report: AggregateHead }
  | { type: 'records'; records: AggregateRecord[] }
  | { type: 'end'; totals: AggregateTotals; warnings: Warning[] }
  | { type: 'failure'; part: string; report: FailureReport; reduced: Uint8Array | null }
  | { type: 'tls'; part: string; report: TlsReport }
  | { type: 'ignored'; part: string; reason: Reason }
  | { type: 'rejected'; part: string; reason: Reason }
