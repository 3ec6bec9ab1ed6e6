import { type Db, sql } from '@ruadar/platform'
import { clean } from '../intake.ts'

export interface MailOutcome {
  part: string
  outcome: 'imported' | 'duplicate' | 'conflict' | 'ignored' | 'quarantined'
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
  await sql`
    with gone as (delete from mail_outcomes where mail_id = ${mailId} and place > ${outcomes.length})
    insert into mail_outcomes (mail_id, place, part, outcome, report_id, code, message)
    select ${mailId}::bigint, row_number, part, outcome, report_id, code, message
    from unnest(${column((o) => o.part)}::text[], ${column((o) => o.outcome)}::outcome[], ${column((o) => o.reportId ?? null)}::bigint[],
                ${column((o) => o.code ?? null)}::text[], ${column((o) => clean(o.message))}::text[])
      with ordinality as given(part, outcome, report_id, code, message, row_number)
    on conflict (mail_id, place) do update set part = excluded.part, outcome = excluded.outcome,
      report_id = excluded.report_id, code = excluded.code, message = excluded.message`.execute(trx)
  const state = bySeverity.find((candidate) => outcomes.some(({ outcome }) => outcome === candidate)) ?? 'ignored'
  await sql`
    update mails set state = ${state}::mail_state, read_at = now(),
      subject = coalesce(${clean(envelope?.subject)}, subject), sender = coalesce(${clean(envelope?.sender)}, sender)
    where id = ${mailId}`.execute(trx)
}
