import { type Db, sql } from '@ruadar/platform'
import { foldDay } from './store/fold.ts'
import { countConflicts, rollUp } from './store/rollups.ts'
import { rollUpTls } from './store/tls-rollups.ts'

/**
 * The operator's switch of report-formats.md 1.9: this conflict counts from now on, and the report with the same key that
 * counted becomes the conflict. One transaction; the daily sums follow. Does nothing when the report counts already.
 */
export const setCounted = (db: Db, reportId: number): Promise<void> =>
  countInstead(db, 'reports', reportId, async (trx, id, sign) => {
    await rollUp(trx, [{ reportId: id, after: 0 }], sign)
    await countConflicts(trx, [id], sign === 1 ? -1 : 1)
    const { rows } = await sql<{ day: string }>`
      update reports set changed_in = default where id = ${id} returning day`.execute(trx) // the sums by sender follow
    const day = rows[0]?.day ?? ''
    await sql`update records set counted = ${sign === 1} where report_id = ${id} and day = ${day}::date`.execute(trx)
    await foldDay(trx, day) // pages ask which sources and domains there are: what is taken out is not to be among them
  })

/** The same switch for TLS reports. */
export const setTlsCounted = (db: Db, reportId: number): Promise<void> => countInstead(db, 'tls_reports', reportId, rollUpTls)

async function countInstead(
  db: Db,
  table: 'reports' | 'tls_reports',
  reportId: number,
  sumUp: (trx: Db, id: number, sign: 1 | -1) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; state: 'counted' | 'conflict' }>`
      select r.id, r.state from ${sql.table(table)} r join ${sql.table(table)} chosen on chosen.id = ${reportId}
      where r.reporter_id = chosen.reporter_id and r.domain_id = chosen.domain_id and r.begin_at = chosen.begin_at and r.end_at = chosen.end_at
        and coalesce(r.report_id, '') = coalesce(chosen.report_id, '')
        and (r.id = chosen.id or r.state = 'counted')
      order by r.id for update of r`.execute(trx)
    const chosen = rows.find((row) => row.id === reportId)
    if (!chosen || chosen.state === 'counted') return
    for (const { id } of rows.filter((row) => row.id !== reportId)) {
      await sumUp(trx, id, -1)
      await sql`update ${sql.table(table)} set state = 'conflict' where id = ${id}`.execute(trx)
    }
    await sql`update ${sql.table(table)} set state = 'counted' where id = ${reportId}`.execute(trx)
    await sumUp(trx, reportId, 1)
  })
}
