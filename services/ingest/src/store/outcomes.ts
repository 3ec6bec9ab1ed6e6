import { type Db, sql } from '@ruadar/platform'
import { clean } from '../intake.ts'

export type ReportKind = 'aggregate' | 'failure' | 'tls'

export interface MailOutcome {
  part: string
  outcome: 'imported' | 'duplicate' | 'conflict' | 'ignored' | 'quarantined'
  /** What the part is, where that is known: also for one that was not taken. Not said: aggregate, when there is a `reportId`. */
  kind?: ReportKind
  /** Id in the table of its kind. */
  reportId?: number
  code?: string
  message?: string
}

/** Of several outcomes in one mail the one that most wants a person's eye is the mail's state. */
const bySeverity: MailOutcome['outcome'][] = ['quarantined', 'conflict', 'imported', 'duplicate', 'ignored']

/** Ends a mail: its outcomes, its state, and what its headers say. */
export async function saveOutcomes(
  trx: Db,
  mailId: number,
  outcomes: readonly MailOutcome[],
  envelope: { subject: string | null; sender: string | null } | undefined,
): Promise<void> {
  const column = <T>(pick: (outcome: MailOutcome) => T) => outcomes.map(pick)
  const kindOf = ({ kind, reportId }: MailOutcome) => kind ?? (reportId === undefined ? null : 'aggregate')
  const idsOf = (kind: ReportKind) => column((o) => (kindOf(o) === kind ? (o.reportId ?? null) : null))
  await sql`
    with gone as (delete from mail_outcomes where mail_id = ${mailId} and place > ${outcomes.length})
    insert into mail_outcomes (mail_id, place, part, outcome, kind, report_id, failure_report_id, tls_report_id, code, message)
    select ${mailId}::bigint, row_number, part, outcome, kind, report_id, failure_report_id, tls_report_id, code, message
    from unnest(${column((o) => o.part)}::text[], ${column((o) => o.outcome)}::outcome[], ${column(kindOf)}::report_kind[],
                ${idsOf('aggregate')}::bigint[], ${idsOf('failure')}::bigint[], ${idsOf('tls')}::bigint[],
                ${column((o) => o.code ?? null)}::text[], ${column((o) => clean(o.message))}::text[])
      with ordinality as given(part, outcome, kind, report_id, failure_report_id, tls_report_id, code, message, row_number)
    on conflict (mail_id, place) do update set part = excluded.part, outcome = excluded.outcome, kind = excluded.kind,
      report_id = excluded.report_id, failure_report_id = excluded.failure_report_id, tls_report_id = excluded.tls_report_id,
      code = excluded.code, message = excluded.message`.execute(trx)
  const state = bySeverity.find((candidate) => outcomes.some(({ outcome }) => outcome === candidate)) ?? 'ignored'
  await sql`
    update mails set state = ${state}::mail_state, read_at = now(),
      subject = coalesce(${clean(envelope?.subject)}, subject), sender = coalesce(${clean(envelope?.sender)}, sender)
    where id = ${mailId}`.execute(trx)
}
