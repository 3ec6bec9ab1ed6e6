import { type Database, type Db, type Log, runTask, sql } from '@ruadar/platform'
import { noteChanges } from './changes.ts'
import { sumUpStaleDays } from './daily-sums.ts'
import { foldNextDay } from '../store/fold.ts'
import { followSpanChanges, makeNextSpan } from '../store/spans.ts'
import { identifyWays } from './identify-ways.ts'
import { loadNaming, type Naming } from './naming.ts'
import { judgeStaleSenders } from './standings.ts'
import { takeTurn } from './turn.ts'

const everyMs = 2_000
/** So many mails that wait are a backlog: then reading comes first, and senders follow when it is done, or now and then. */
const backlog = 200
const duringBacklogMs = 5 * 60_000

export interface SenderPass {
  /** Does all that is to be done now, or as much as another process leaves. */
  run(): Promise<void>
  close(): Promise<void>
}

/**
 * Keeps senders, their sums and their standing up to date with the reports, behind the ingest path: every step is a transaction of
 * its own that takes its work from a table, so it can end anywhere and go on anywhere. `afterwards` runs after each round, and ends early when `stop` says so.
 */
export function startSenderPass({
  database,
  log,
  afterwards,
}: {
  database: Database
  log: Log
  afterwards(stop: () => boolean): Promise<void>
}): SenderPass {
  let ended = false
  let naming: Naming | undefined
  let doneAt = performance.now()
  let running: Promise<void> = Promise.resolve()
  const round = async () => {
    try {
      if (performance.now() - doneAt < duringBacklogMs && (await isBacklog(database.db))) return
      naming = await loadNaming(database.db, naming)
      await followReports(database.db, naming, () => ended)
      doneAt = performance.now()
      if (!ended) await afterwards(() => ended)
    } catch (error) {
      log.warn({ err: error }, 'senders will be brought up to date later')
    }
  }
  const run = () => {
    running = running.then(() => (ended ? undefined : runTask({ question: 'sender pass' }, round)))
    return running
  }
  void run()
  const timer = setInterval(() => void run(), everyMs)
  return {
    run,
    async close() {
      ended = true
      clearInterval(timer)
      await running
    },
  }
}

/** New reports to ways, ways to senders, senders to sums, sums to standing; then folds sums and makes those of several days. Until nothing is left. */
export async function followReports(db: Db, naming: Naming, stop = () => false): Promise<void> {
  const steps = [
    noteChanges,
    (trx: Db) => identifyWays(trx, naming),
    sumUpStaleDays,
    judgeStaleSenders,
    foldNextDay,
    followSpanChanges,
    makeNextSpan,
  ]
  for (const step of steps) {
    let goesOn = true
    while (goesOn && !stop()) goesOn = await takeTurn(db, step)
  }
}

async function isBacklog(db: Db): Promise<boolean> {
  const { rows } = await sql<{ waiting: number }>`
    select count(*)::int as waiting from (select 1 from mails where state = 'stored' limit ${backlog + 1}) waiting`.execute(db)
  return (rows[0]?.waiting ?? 0) > backlog
}
