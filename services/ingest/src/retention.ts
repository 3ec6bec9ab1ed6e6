import { type Database, type Db, type Log, sql } from '@ruadar/platform'
import { deleteReportsWithoutSums, deleteTls, emptyMails, emptyParts } from './retention-parts.ts'
import { describePlan, planRetention, type RetentionPlan, type RetentionSettings } from './retention-plan.ts'

const everyMs = 3_600_000
/** Whole months and days pass slowly, and looking for them costs a pass over the mails. */
const partsEveryMs = 24 * 3_600_000
const atOnce = 500
/** Key of the advisory lock; no other lock of this database has it ("sample" as bytes). */
const lockKey = 0x73_61_6d_70_6c_65

interface Retention {
  database: Database
  log: Log
  settings: RetentionSettings
}

/**
 * Deletes what is older than the operator keeps it: failure reports, with the mails that brought them, every hour; raw mail, records and sums
 * once a day, after a line that says what will go. Looks at the start. Of several processes one does a step at a time.
 */
export function startRetention({ database, log, settings }: Retention): { close(): Promise<void> } {
  let ended = false
  let partsDueAt = 0
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      try {
        const deleted = await deleteOldSamples(database.db, settings.sampleDays, () => ended)
        if (deleted.reports + deleted.mails > 0)
          log.info({ ...deleted, days: settings.sampleDays }, 'failure reports past their time were deleted')
        if (performance.now() < partsDueAt || ended) return
        partsDueAt = performance.now() + partsEveryMs
        await runParts({ database, log, settings }, () => ended)
      } catch (error) {
        log.warn({ err: error }, 'what is past its time will be deleted later')
      }
    })
  }
  run()
  const timer = setInterval(run, everyMs)
  return {
    async close() {
      ended = true
      clearInterval(timer)
      await running
    },
  }
}

async function runParts({ database, log, settings }: Retention, stop: () => boolean): Promise<void> {
  const plan = await planRetention(database.db, settings, new Date())
  const lines = describePlan(plan)
  if (lines.length === 0) return
  log.info({ plan: lines }, 'past their time, and now deleted')
  log.info(await applyRetention(database.db, plan, settings, stop), 'past their time, and deleted')
}

export interface Deleted {
  samples: number
  mails: number
  records: number
  sums: number
  reports: number
  tlsReports: number
  /** Months that are in use, or that sums by sender still have to follow: they are left for the next run. */
  left: number
}

/** Does what a plan says, in steps that may be ended and done again. What is in use all the time is left for the next run. */
export async function applyRetention(
  db: Db,
  { rawMail, records, sums }: RetentionPlan,
  { sampleDays }: Pick<RetentionSettings, 'sampleDays'>,
  stop: () => boolean = () => false,
): Promise<Deleted> {
  const nothing = { rows: 0, left: 0 }
  const emptied = {
    sums: sums ? await emptyParts(db, 'sums', sums.parts, stop) : nothing,
    records: records ? await emptyParts(db, 'records', records.parts, stop) : nothing,
  }
  return {
    samples: (await deleteOldSamples(db, sampleDays, stop)).reports,
    mails: rawMail ? await emptyMails(db, rawMail.before, stop) : 0,
    sums: emptied.sums.rows,
    records: emptied.records.rows,
    left: emptied.sums.left + emptied.records.left,
    reports: sums ? await deleteReportsWithoutSums(db, stop) : 0,
    tlsReports: sums ? await deleteTls(db, sums.before) : 0,
  }
}

/** In steps, each a transaction of its own, until nothing is left, another process is at it, or `stop` says so. */
export async function deleteOldSamples(db: Db, days: number, stop = () => false): Promise<{ reports: number; mails: number }> {
  const deleted = { reports: 0, mails: 0 }
  while (!stop()) {
    const step = await db.transaction().execute((trx) => deleteStep(trx, days))
    deleted.reports += step.reports
    deleted.mails += step.mails
    if (step.reports + step.mails === 0) break
  }
  return deleted
}

/**
 * A report goes with the bytes of every mail that holds it, repeats included, and a mail whose failure report was not taken goes by
 * its own age. Of a mail its sender, its state and its outcomes stay. A mail that a reader has in hand is left for the next hour,
 * with its report.
 */
async function deleteStep(trx: Db, days: number): Promise<{ reports: number; mails: number }> {
  const { rows: lock } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${lockKey}) as taken`.execute(trx)
  if (!lock[0]?.taken) return { reports: 0, mails: 0 }
  const { rows } = await sql<{ reports: number; mails: number }>`
    with
      old as (
        select r.id, r.mail_id from failure_reports r
        where r.stored_at <= now() - make_interval(days => ${days})
          and not exists (
            select 1 from mails m where m.state = 'stored' and (m.raw is not null or m.raw_object is not null)
              and (m.id = r.mail_id or m.id in (select o.mail_id from mail_outcomes o where o.failure_report_id = r.id)))
        order by r.stored_at limit ${atOnce}
      ),
      holding as (
        select mail_id as id from old
        union select o.mail_id from mail_outcomes o join old on old.id = o.failure_report_id
        union (
          select o.mail_id from mail_outcomes o join mails m on m.id = o.mail_id
          where o.kind = 'failure' and o.failure_report_id is null and (m.raw is not null or m.raw_object is not null) and m.state <> 'stored'
            and m.stored_at <= now() - make_interval(days => ${days})
          limit ${atOnce})
      ),
      emptied as (
        update mails m set raw = null, raw_object = null, subject = null from holding
        where m.id = holding.id and (m.raw is not null or m.raw_object is not null or m.subject is not null) returning m.id
      ),
      gone as (
        delete from failure_reports r using old where r.id = old.id returning r.id
      )
    select (select count(*) from gone) as reports, (select count(*) from emptied) as mails`.execute(trx)
  return rows[0] ?? { reports: 0, mails: 0 }
}
