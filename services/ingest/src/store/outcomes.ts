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
  /** Rows of it that were stored; for counting, not kept. */
  records?: number
}

/** Of several outcomes in one mail the one that most wants a person's eye is the mail's state. */
const bySeverity: MailOutcome['outcome'][] = ['quarantined', 'conflict', 'imported', 'duplicate', 'ignored']

export interface EndedMail {
  id: number
  outcomes: readonly MailOutcome[]
  envelope: { subject: string | null; sender: string | null } | undefined
}

/** Ends mails: their outcomes, their state, and what their headers say. */
export async function saveOutcomes(trx: Db, mails: readonly EndedMail[]): Promise<void> {
  const rows = mails.flatMap(({ id, outcomes }) => outcomes.map((outcome, index) => ({ mailId: id, place: index + 1, ...outcome })))
  const column = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick)
  const ofMails = <T>(pick: (mail: EndedMail) => T) => mails.map(pick)
  const idsOf = (kind: ReportKind) => column((o) => (kindOf(o) === kind ? (o.reportId ?? null) : null))
  await sql`
    with gone as (
      delete from mail_outcomes o
      using unnest(${ofMails(({ id }) => id)}::bigint[], ${ofMails(({ outcomes }) => outcomes.length)}::int[]) as kept (mail_id, places)
      where o.mail_id = kept.mail_id and o.place > kept.places)
    insert into mail_outcomes (mail_id, place, part, outcome, kind, report_id, failure_report_id, tls_report_id, code, message)
    select * from unnest(
      ${column((o) => o.mailId)}::bigint[], ${column((o) => o.place)}::int[], ${column((o) => o.part)}::text[],
      ${column((o) => o.outcome)}::outcome[], ${column(kindOf)}::report_kind[], ${idsOf('aggregate')}::bigint[],
      ${idsOf('failure')}::bigint[], ${idsOf('tls')}::bigint[], ${column((o) => o.code ?? null)}::text[],
      ${column((o) => clean(o.message))}::text[])
    on conflict (mail_id, place) do update set part = excluded.part, outcome = excluded.outcome, kind = excluded.kind,
      report_id = excluded.report_id, failure_report_id = excluded.failure_report_id, tls_report_id = excluded.tls_report_id,
      code = excluded.code, message = excluded.message`.execute(trx)
  await sql`
    update mails m set state = ended.state, read_at = now(),
      subject = coalesce(ended.subject, m.subject), sender = coalesce(ended.sender, m.sender)
    from unnest(${ofMails(({ id }) => id)}::bigint[], ${ofMails(({ outcomes }) => stateOf(outcomes))}::mail_state[],
                ${ofMails(({ envelope }) => clean(envelope?.subject))}::text[], ${ofMails(({ envelope }) => clean(envelope?.sender))}::text[])
      as ended (id, state, subject, sender)
    where m.id = ended.id`.execute(trx)
}

/** The outcomes of a mail whose reports are stored, as an earlier reading left them. */
export async function findStanding(trx: Db, mailId: number): Promise<MailOutcome[]> {
  const { rows } = await sql<
    Omit<MailOutcome, 'kind' | 'code' | 'message'> & { kind: ReportKind; code: string | null; message: string | null }
  >`
    select part, outcome, kind, coalesce(report_id, failure_report_id, tls_report_id) as "reportId", code, message
    from mail_outcomes
    where mail_id = ${mailId} and coalesce(report_id, failure_report_id, tls_report_id) is not null
    order by place`.execute(trx)
  return rows.map(({ code, message, ...row }) => ({ ...row, ...(code === null ? {} : { code }), ...(message === null ? {} : { message }) }))
}

export const kindOf = ({ kind, reportId }: MailOutcome): ReportKind | null => kind ?? (reportId === undefined ? null : 'aggregate')

export const stateOf = (outcomes: readonly MailOutcome[]): MailOutcome['outcome'] =>
  bySeverity.find((candidate) => outcomes.some(({ outcome }) => outcome === candidate)) ?? 'ignored'
