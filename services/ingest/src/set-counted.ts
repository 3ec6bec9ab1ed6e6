import { type Db, sql } from '@ruadar/platform'
import { holdDeletionOff } from './store/deleted-days.ts'
import { foldDay } from './store/fold.ts'
import { switchReports } from './store/settling.ts'
import { rollUpTls } from './store/tls-rollups.ts'

/**
 * The operator's switch of report-formats.md 1.9: this conflict counts from now on, and the report with the same key that
 * counted becomes the conflict. One transaction; the daily sums follow. Does nothing when the report counts already. Refuses a report
 * whose records retention has deleted: nobody knows any more what to add to the sums.
 */
export async function setCounted(db: Db, reportId: number): Promise<'done' | 'records_deleted'> {
  return await db.transaction().execute(async (trx) => {
    await holdDeletionOff(trx)
    const { rows } = await sql<{ gone: boolean }>`select records_deleted(day) as gone from reports where id = ${reportId}`.execute(trx)
    if (rows[0]?.gone) return 'records_deleted'
    const switched = await choose(trx, 'reports', reportId)
    if (!switched) return 'done'
    await switchReports(trx, switched.out, 'conflict')
    await switchReports(trx, [switched.chosen], 'counted')
    // Pages ask which sources and domains there are: what is taken out is not to be among them.
    await foldDay(trx, switched.chosen.day)
    return 'done'
  })
}

/** The same switch for TLS reports. */
export async function setTlsCounted(db: Db, reportId: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const switched = await choose(trx, 'tls_reports', reportId)
    if (!switched) return
    for (const { id } of switched.out) {
      await rollUpTls(trx, id, -1)
      await sql`update tls_reports set state = 'conflict' where id = ${id}`.execute(trx)
    }
    await sql`update tls_reports set state = 'counted' where id = ${reportId}`.execute(trx)
    await rollUpTls(trx, reportId, 1)
  })
}

interface Chosen {
  id: number
  state: 'counted' | 'conflict'
  day: string
}

/** Notes the choice, so that reading again keeps it. Nothing: the report counts already, or is not there. */
async function choose(trx: Db, table: 'reports' | 'tls_reports', reportId: number): Promise<{ chosen: Chosen; out: Chosen[] } | undefined> {
  const { rows } = await sql<Chosen>`
    select r.id, r.state, r.day from ${sql.table(table)} r join ${sql.table(table)} chosen on chosen.id = ${reportId}
    where r.reporter_id = chosen.reporter_id and r.domain_id = chosen.domain_id and r.begin_at = chosen.begin_at and r.end_at = chosen.end_at
      and coalesce(r.report_id, '') = coalesce(chosen.report_id, '')
    order by r.id for update of r`.execute(trx)
  const chosen = rows.find((row) => row.id === reportId)
  if (!chosen || chosen.state === 'counted') return undefined
  await sql`
    update ${sql.table(table)} set chosen = id = ${reportId} where id = any(${rows.map(({ id }) => id)}::bigint[])`.execute(trx)
  return { chosen, out: rows.filter(({ state }) => state === 'counted') }
}
