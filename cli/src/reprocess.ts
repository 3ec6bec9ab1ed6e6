import { setTimeout as sleep } from 'node:timers/promises'
import { countUnreadable, ingestConnections, queueAgain, type ReadAgainFilter, startQueueWorker } from '@ruadar/ingest'
import { type Db, OperatorError, runService, type Service, sql } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'
import { startProgress } from './import/progress.ts'

interface Options {
  all?: boolean
  code?: string
  reporter?: string
  domain?: string
  from?: string
  to?: string
  wait?: boolean
}

export function reprocessCommand(): Command {
  return new Command('reprocess')
    .description('read stored mails again, in the background: their reports take what the reader says now, and all numbers follow')
    .option('--all', 'all mails')
    .option('--code <code>', 'mails with an outcome of this reason code')
    .option('--reporter <name>', 'mails with reports of this reporter')
    .option('--domain <name>', 'mails with reports about this Policy Domain')
    .option('--from <day>', 'mails with reports of this day (UTC, YYYY-MM-DD) and later')
    .option('--to <day>', 'mails with reports of days before this one')
    .option('--wait', 'read them here, too, show how far it is, and end when all are read')
    .action((options: Options) => runService('reprocess', (service) => run(service, options)))
}

async function run(service: Service, { all, wait, ...filter }: Options): Promise<number> {
  checkChoice(all ?? false, filter)
  const house = await openHouse(service, { name: 'reprocess', connections: wait ? ingestConnections(service.settings) : 2, asGuest: true })
  const { db } = house.database
  const left = await countUnreadable(house.database, filter)
  const since = new Date()
  const { queued } = await queueAgain(house, filter, (mails) => process.stderr.write(`${mails} mails queued\n`))
  if (left > 0) process.stdout.write(`${left} mails are left as they are: their bytes are no longer here.\n`)
  if (!wait) {
    process.stdout.write(
      queued === 0 ? 'No mail is to be read again.\n' : `${queued} mails are queued and will be read again in the background.\n`,
    )
    return 0
  }
  const waiting = await countWaiting(db, null)
  const worker = await startQueueWorker({ ...house, log: service.log })
  service.onClose(() => worker.close())
  await waitUntilRead(db, waiting)
  const quarantined = await countQuarantined(db, since)
  process.stdout.write(`${waiting.mails} mails were read again; ${quarantined} of them are in quarantine.\n`)
  return 0
}

function checkChoice(all: boolean, filter: ReadAgainFilter): void {
  const isChosen = Object.values(filter).some((value) => value !== undefined)
  if (all === isChosen)
    throw new OperatorError(
      all ? '--all and a choice of mails are two things.' : 'Nothing was chosen.',
      'Say --all, or one or more of --code, --reporter, --domain, --from and --to.',
    )
  for (const day of [filter.from, filter.to])
    if (day !== undefined && (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))))
      throw new OperatorError(`${day} is not a day.`, 'Write days as 2026-01-31.')
}

interface Waiting {
  mails: number
  last: number | null
}

/** All mails that wait, also those of a run that was ended; up to the id `last`: what comes in later has higher ones. */
async function countWaiting(db: Db, last: number | null): Promise<Waiting> {
  const { rows } = await sql<Waiting>`
    select count(*) as mails, max(id) as last from mails where state = 'stored' and id <= coalesce(${last}::bigint, id)`.execute(db)
  return rows[0] ?? { mails: 0, last: null }
}

async function waitUntilRead(db: Db, all: Waiting): Promise<void> {
  const progress = startProgress('Reading again', 'mails', () => all.mails)
  for (let waiting = all.mails; waiting > 0; ) {
    waiting = (await countWaiting(db, all.last)).mails
    progress.update(Math.max(all.mails - waiting, 0))
    if (waiting > 0) await sleep(Math.min(1000, 50 + waiting))
  }
  progress.stop()
}

async function countQuarantined(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ mails: number }>`
    select count(*) as mails from mails where state = 'quarantined' and read_at >= ${since}`.execute(db)
  return rows[0]?.mails ?? 0
}
