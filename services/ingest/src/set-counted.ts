import { type Db, sql } from '@ruadar/platform'
import { rollUp } from './store/rollups.ts'
import { rollUpTls } from './store/tls-rollups.ts'

/**
 * The operator's switch of report-formats.md 1.9: this conflict counts from now on, and the report with the same key that
 * counted becomes the conflict. One transaction; the daily sums follow. Does nothing when the report counts already.
 */
export async function setCounted(db: Db, reportId: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; state: 'counted' | 'conflict' }>`
      select r.id, r.state from reports r join reports chosen on chosen.id = ${reportId}
      where r.reporter_id = chosen.reporter_id and r.domain_id = chosen.domain_id and r.begin_at = chosen.begin_at and r.end_at = chosen.end_at
        and coalesce(r.report_id, '') = coalesce(chosen.report_id, '')
        and (r.id = chosen.id or r.state = 'counted')
      order by r.id for update of r`.execute(trx)
    const chosen = rows.find((row) => row.id === reportId)
    if (!chosen || chosen.state === 'counted') return
    for (const { id } of rows.filter((row) => row.id !== reportId)) {
      await rollUp(trx, [{ reportId: id, after: 0 }], -1)
      await sql`update reports set state = 'conflict' where id = ${id}`.execute(trx)
    }
    await sql`update reports set state = 'counted' where id = ${reportId}`.execute(trx)
    await rollUp(trx, [{ reportId, after: 0 }], 1)
  })
}

/** The same switch for TLS reports. */
export async function setTlsCounted(db: Db, reportId: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ id: number; state: 'counted' | 'conflict' }>`
      select r.id, r.state from tls_reports r join tls_reports chosen on chosen.id = ${reportId}
      where r.reporter_id = chosen.reporter_id and r.domain_id = chosen.domain_id and r.begin_at = chosen.begin_at and r.end_at = chosen.end_at
        and coalesce(r.report_id, '') = coalesce(chosen.report_id, '')
        and (r.id = chosen.id or r.state = 'counted')
      order by r.id for update of r`.execute(trx)
    const chosen = rows.find((row) => row.id === reportId)
    if (!chosen || chosen.state === 'counted') return
    for (const { id } of rows.filter((row) => row.id !== reportId)) {
      await rollUpTls(trx, id, -1)
      await sql`update tls_reports set state = 'conflict' where id = ${id}`.execute(trx)
    }
    await sql`update tls_reports set state = 'counted' where id = ${reportId}`.execute(trx)
    await rollUpTls(trx, reportId, 1)
  })
}
