import { setTimeout as sleep } from 'node:timers/promises'
import { type Db, sql } from '@ruadar/platform'
import type { ImportedMails } from './command.ts'
import { startProgress } from './progress.ts'

/** Waits for the workers, ours and others', until no mail of the import waits any more. */
export async function waitUntilRead(db: Db, { fresh }: ImportedMails): Promise<void> {
  const progress = startProgress('Reading', 'mails', () => fresh.length)
  const first = Math.min(...fresh)
  const last = Math.max(...fresh)
  let waiting = fresh.length
  while (waiting > 0) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*) as waiting from mails where state = 'stored' and id between ${first} and ${last} and id = any(${fresh}::bigint[])`.execute(
      db,
    )
    waiting = rows[0]?.waiting ?? 0
    progress.update(fresh.length - waiting)
    if (waiting > 0) await sleep(Math.min(1000, 50 + waiting))
  }
  progress.stop()
}

export interface OutcomeCounts {
  imported: number
  duplicate: number
  conflict: number
  ignored: number
  messages: number
  quarantined: { code: string; message: string; count: number; example: string | null }[]
}

export async function countOutcomes(db: Db, { fresh, known }: ImportedMails): Promise<OutcomeCounts> {
  const { rows } = await sql<Omit<OutcomeCounts, 'quarantined'>>`
    select count(*) filter (where o.outcome = 'imported') as imported, count(*) filter (where o.outcome = 'duplicate') as duplicate,
           count(*) filter (where o.outcome = 'conflict') as conflict, count(*) filter (where o.outcome = 'ignored') as ignored,
           coalesce(sum(r.messages) filter (where o.outcome = 'imported'), 0)::bigint as messages
    from mail_outcomes o left join reports r on r.id = o.report_id
    where o.mail_id = any(${fresh}::bigint[])`.execute(db)
  const quarantined = await sql<OutcomeCounts['quarantined'][number]>`
    select o.code, min(o.message) as message, count(*) as count, min(m.filename) as example
    from mail_outcomes o join mails m on m.id = o.mail_id
    where o.mail_id = any(${fresh}::bigint[]) and o.outcome = 'quarantined'
    group by o.code order by count(*) desc, o.code`.execute(db)
  const counts = rows[0] ?? { imported: 0, duplicate: 0, conflict: 0, ignored: 0, messages: 0 }
  return { ...counts, duplicate: counts.duplicate + known, quarantined: quarantined.rows }
}

export function printOutcomes({ imported, messages, duplicate, conflict, ignored, quarantined }: OutcomeCounts): void {
  const lines: [string, number, string][] = [
    ['reports imported', imported, `${messages} messages`],
    ['duplicates', duplicate, 'seen before, counted once'],
    ['conflicts', conflict, 'same report id, other content: kept, not counted'],
    ['ignored', ignored, 'not a report'],
    ['quarantined', quarantined.reduce((sum, { count }) => sum + count, 0), ''],
    ...quarantined.map(({ code, message, count, example }): [string, number, string] => [
      `  ${code}`,
      count,
      `${message} For example ${example}.`,
    ]),
  ]
  const width = Math.max(...lines.map(([name]) => name.length))
  const digits = Math.max(...lines.map(([, count]) => String(count).length))
  for (const [name, count, remark] of lines) {
    process.stdout.write(`${name.padEnd(width)}  ${String(count).padStart(digits)}  ${count > 0 ? printable(remark) : ''}`.trimEnd() + '\n')
  }
}

/** File names and reasons go to a terminal: control characters of other people's making do not. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
