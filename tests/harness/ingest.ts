import { createIntake, startQueueWorker } from '@ruadar/ingest'
import { createLog, type Database, loadSettings, type MailQueue, openQueue, sql } from '@ruadar/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Truth } from './reports.ts'

export const quietLog = createLog({ logLevel: 'silent' }, 'test')

/** Stores files as an upload would and reads them with the real queue and reader threads. */
export async function ingestAll(database: Database, files: readonly Uint8Array[], env: Record<string, string> = {}): Promise<number[]> {
  const settings = loadSettings({ RUADAR_DNS: 'off', ...env })
  const queue = await openQueue(settings, database)
  try {
    const stored = await createIntake({ database, queue, log: quietLog })(files.map((raw) => ({ raw, origin: 'upload' as const })))
    await readWaiting(database, queue, env)
    return stored.map(({ id }) => id)
  } finally {
    await queue.close()
  }
}

/** Runs a queue worker until no mail waits. */
export async function readWaiting(database: Database, queue: MailQueue, env: Record<string, string> = {}): Promise<void> {
  const worker = await startQueueWorker({
    settings: loadSettings({ RUADAR_READERS: '2', RUADAR_DNS: 'off', ...env }),
    database,
    queue,
    log: quietLog,
  })
  try {
    await untilNoneWaits(database)
  } finally {
    await worker.close()
  }
}

export async function untilNoneWaits(database: Database): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from mails where state = 'stored'`.execute(database.db)
    if (rows[0]?.waiting === 0) return
    await sleep(20)
  }
}

/** What the sums say, and what the rows say: they have to be the same. */
export async function readTotals(database: Database): Promise<{ sums: Truth; rows: Truth }> {
  const { rows } = await sql<Record<string, number>>`
    select
      (select coalesce(sum(messages), 0)::bigint from daily_totals) as total_messages,
      (select coalesce(sum(messages), 0)::bigint from daily_totals where dkim = 'pass' or spf = 'pass') as total_pass,
      (select coalesce(sum(messages), 0)::bigint from daily_sources) as source_messages,
      (select coalesce(sum(messages), 0)::bigint from daily_sources where dkim = 'pass' or spf = 'pass') as source_pass,
      (select coalesce(sum(c.messages), 0)::bigint from records c join reports r on r.id = c.report_id where r.state = 'counted') as record_messages,
      (select coalesce(sum(messages), 0)::bigint from reports where state = 'counted') as report_messages,
      (select coalesce(sum(dmarc_pass), 0)::bigint from reports where state = 'counted') as report_pass,
      (select count(*) from reports where state = 'counted') as reports`.execute(database.db)
  const found = rows[0] ?? {}
  const of = (messages: string, pass: string): Truth => ({
    messages: found[messages] ?? -1,
    dmarcPass: found[pass] ?? -1,
    reports: found.reports ?? -1,
  })
  const sums = of('total_messages', 'total_pass')
  const bySource = of('source_messages', 'source_pass')
  if (sums.messages !== bySource.messages || sums.dmarcPass !== bySource.dmarcPass) {
    throw new Error(`daily_totals and daily_sources differ: ${JSON.stringify({ sums, bySource })}`)
  }
  if (found.record_messages !== found.report_messages) throw new Error('reports do not equal the sum of their records')
  return { sums, rows: of('report_messages', 'report_pass') }
}

export interface OutcomeRow {
  mailId: number
  state: string
  outcome: string
  reportId: number | null
  code: string | null
  message: string | null
}

export async function readOutcomes(database: Database, ids: readonly number[]): Promise<OutcomeRow[]> {
  const { rows } = await sql<OutcomeRow>`
    select m.id as "mailId", m.state::text, o.outcome::text, o.report_id as "reportId", o.code, o.message
    from mails m left join mail_outcomes o on o.mail_id = m.id
    where m.id = any(${ids}::bigint[]) order by array_position(${ids}::bigint[], m.id), o.place`.execute(database.db)
  return rows
}
