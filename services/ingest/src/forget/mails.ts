import { type Db, sql } from '@ruadar/platform'

/**
 * Deletes outcomes that lead to reports, then the reports (`deleteReports`), then the mails that held nothing else. A mail with reports of
 * other domains stays, with its bytes, but without a subject or file name that says the forgotten one.
 */
export async function dropOutcomes(
  trx: Db,
  column: 'report_id' | 'failure_report_id' | 'tls_report_id',
  ids: readonly number[],
  name: string,
  deleteReports: () => Promise<unknown>,
): Promise<void> {
  const table = { report_id: 'reports', failure_report_id: 'failure_reports', tls_report_id: 'tls_reports' }[column]
  const { rows } = await sql<{ id: number }>`
    select mail_id as id from ${sql.table(table)} where id = any(${ids}::bigint[])
    union select mail_id from mail_outcomes where ${sql.ref(column)} = any(${ids}::bigint[])`.execute(trx)
  await sql`delete from mail_outcomes where ${sql.ref(column)} = any(${ids}::bigint[])`.execute(trx)
  await deleteReports()
  await dropEmptyMails(
    trx,
    rows.map(({ id }) => id),
    name,
  )
}

const mailsAtOnce = 500

/** Mails whose report about the domain was never taken, because it was not on the operator's list. False: none was left. */
export async function forgetRefused(trx: Db, { name }: { name: string }): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    with refused as (
      select mail_id, place from mail_outcomes
      where code = 'unknown_domain' and outcome = 'quarantined' and mentions(message, ${name}) limit ${mailsAtOnce})
    delete from mail_outcomes o using refused where o.mail_id = refused.mail_id and o.place = refused.place
    returning o.mail_id as id`.execute(trx)
  await dropEmptyMails(
    trx,
    rows.map(({ id }) => id),
    name,
  )
  return rows.length > 0
}

/** What is left of a mail's parts is nothing that anybody asks for: no report, and nothing that could not be read. */
async function dropEmptyMails(trx: Db, ids: readonly number[], name: string): Promise<void> {
  await sql`
    delete from mails m
    where m.id = any(${ids}::bigint[])
      and not exists (
        select from mail_outcomes o where o.mail_id = m.id
          and (o.outcome <> 'ignored' or o.report_id is not null or o.failure_report_id is not null or o.tls_report_id is not null))
      and not exists (select from reports r where r.mail_id = m.id)
      and not exists (select from failure_reports r where r.mail_id = m.id)
      and not exists (select from tls_reports r where r.mail_id = m.id)`.execute(trx)
  await sql`
    update mails set subject = case when mentions(subject, ${name}) then null else subject end,
      filename = case when mentions(filename, ${name}) then null else filename end
    where id = any(${ids}::bigint[]) and (mentions(subject, ${name}) or mentions(filename, ${name}))`.execute(trx)
}
