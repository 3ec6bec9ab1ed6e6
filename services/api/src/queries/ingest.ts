import type { IngestSummary } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'

/** Mails by state, and the reasons for which parts of them were not imported, most frequent first. */
export async function summariseIngest(db: Db): Promise<IngestSummary> {
  const [states, reasons] = await Promise.all([
    sql<{ state: keyof IngestSummary['mails']; count: number }>`select state, count(*) as count from mails group by state`.execute(db),
    sql<IngestSummary['reasons'][number]>`
      select outcome, code, count(*) as count, count(distinct mail_id) as mails from mail_outcomes where code is not null
      group by outcome, code order by count desc, code limit 100`.execute(db),
  ])
  const mails = { stored: 0, imported: 0, duplicate: 0, conflict: 0, ignored: 0, quarantined: 0 }
  for (const row of states.rows) mails[row.state] = row.count
  return { mails, reasons: reasons.rows }
}
