import { type Db, sql } from '@ruadar/platform'
import type { Warning } from '@ruadar/reports'
import { lockSenderPass } from '../senders/turn.ts'
import { holdDeletionOff } from '../store/deleted-days.ts'
import { noteDeviations } from '../store/deviations.ts'
import { foldDay } from '../store/fold.ts'
import { dropSpans } from '../store/spans.ts'
import { dropOutcomes } from './mails.ts'
import type { Forgotten } from './forgotten.ts'

const daysAtOnce = 10

/**
 * Deletes all that aggregate reports said of a domain on some days: reports, records, its sums, and its part in those of all domains. In one
 * transaction that sees one moment (repeatable read), so that what is taken out of a sum is what is deleted. False: no day was left.
 */
export async function forgetDays(trx: Db, { id, name }: Forgotten): Promise<boolean> {
  await lockSenderPass(trx)
  await holdDeletionOff(trx)
  const days = await nextDays(trx, id)
  if (days.length === 0) return false
  const these = sql`domain_id = ${id} and day = any(${days}::date[])`
  const { rows: reports } = await sql<{ id: number; reporterId: number; warnings: Warning[] }>`
    select id, reporter_id as "reporterId", warnings from reports where ${these} order by id for update`.execute(trx)
  const deviating = reports.filter(({ warnings }) => warnings.length > 0).map((report) => ({ ...report, reportId: report.id }))
  await noteDeviations(trx, 'aggregate', [], deviating)
  await sql`insert into unused_names (kind, id) select distinct 'way', way_id::text from records where ${these} on conflict do nothing`.execute(
    trx,
  )
  // Notes are shared by many reports, and to see that none refers to one takes a look at all records: only those that say the name are worth it.
  await sql`
    insert into unused_names (kind, id)
    select 'note', id::text from record_notes
    where id in (select note_id from records where ${these} and note_id <> 0) and mentions(concat_ws(' ', envelope_to, overrides), ${name})
    on conflict do nothing`.execute(trx)
  await takeOut(trx, these)
  await dropSpans(trx, id, days)
  for (const table of ['records', 'daily_totals', 'daily_domains', 'daily_senders', 'daily_identities'])
    await sql`delete from ${sql.table(table)} where ${these}`.execute(trx)
  for (const day of days) await foldDay(trx, day)
  await dropOutcomes(
    trx,
    'report_id',
    reports.map((report) => report.id),
    name,
    () => sql`delete from reports where ${these}`.execute(trx),
  )
  return true
}

async function nextDays(trx: Db, id: number): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select day from reports where domain_id = ${id} union select day from daily_totals where domain_id = ${id}
    union select day from daily_domains where domain_id = ${id} union select day from daily_senders where domain_id = ${id}
    order by 1 limit ${daysAtOnce}`.execute(trx)
  return rows.map(({ day }) => day)
}

/** The domain's part in the sums of all domains together. By source the records tell: where retention has deleted them it stays. */
async function takeOut(trx: Db, these: ReturnType<typeof sql>): Promise<void> {
  await sql`
    insert into daily_sources (messages, source_ip, day, disposition, dkim, spf, records)
    select -sum(f.messages), w.source_ip, f.day, f.disposition, f.dkim, f.spf, -count(*)
    from counted_records f join ways w on w.id = f.way_id where ${these} group by 2, 3, 4, 5, 6`.execute(trx)
  await sql`
    insert into daily_reporters (messages, last_at, reporter_id, day, disposition, dkim, spf, records, reports, conflicts)
    select -sum(messages), max(last_at), reporter_id, day, disposition, dkim, spf, -sum(records), -sum(reports), -sum(conflicts)
    from daily_totals where ${these} group by reporter_id, day, disposition, dkim, spf`.execute(trx)
  await sql`
    insert into daily_senders_all (messages, day, sender_id, reporter_id, disposition, dkim, spf, records)
    select -sum(messages), day, sender_id, reporter_id, disposition, dkim, spf, -sum(records)
    from daily_senders where ${these} group by day, sender_id, reporter_id, disposition, dkim, spf`.execute(trx)
  await sql`
    insert into daily_senders_summed (messages, day, sender_id, disposition, dkim, spf, records)
    select -sum(messages), day, sender_id, disposition, dkim, spf, -sum(records)
    from daily_senders where ${these} group by day, sender_id, disposition, dkim, spf`.execute(trx)
}
