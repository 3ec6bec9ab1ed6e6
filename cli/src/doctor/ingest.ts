import { type Db, sql } from '@ruadar/platform'
import { bad, type Finding, good } from './check.ts'

/** Mails that wait for long, and what is in quarantine by reason, and whether it grows. */
export async function checkIngest(db: Db): Promise<Finding[]> {
  const { rows } = await sql<{ waiting: number; old: number }>`
    select count(*) as waiting, count(*) filter (where stored_at < now() - interval '15 minutes') as old
    from mails where state = 'stored'`.execute(db)
  const { waiting, old } = rows[0] ?? { waiting: 0, old: 0 }
  const reasons = await sql<{ code: string; count: number; today: number }>`
    select coalesce(o.code, 'unknown') as code, count(*) as count,
      count(*) filter (where m.stored_at > now() - interval '1 day') as today
    from mails m join mail_outcomes o on o.mail_id = m.id
    where m.state = 'quarantined' and o.outcome = 'quarantined' group by 1 order by 2 desc, 1`.execute(db)
  const quarantine = reasons.rows.map(({ code, count }) => `${count} ${code}`).join(', ')
  const today = reasons.rows.reduce((sum, row) => sum + row.today, 0)
  const growth = today > 0 ? `it grew by ${today} within a day` : 'none came within a day'
  return [
    old > 0
      ? bad('reading', `${old} mails have waited for over 15 minutes; see that an ingest worker runs.`)
      : good('reading', waiting > 0 ? `${waiting} mails wait to be read.` : 'No mail waits.'),
    quarantine
      ? bad('quarantine', `${quarantine}; ${growth}. The ingest page shows them and reads them again.`)
      : good('quarantine', 'Empty.'),
  ]
}
