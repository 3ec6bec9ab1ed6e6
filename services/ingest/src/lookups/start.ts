import { counted, type Database, type Db, type JobQueue, type Log, openJobQueue, type Settings, sha256 } from '@ruadar/platform'
import { openAddressFiles } from './address-files.ts'
import { saveLookedUp, takeDue } from './host-table.ts'
import { createLookUp } from './look-up.ts'
import { pace } from './paced-resolver.ts'
import { openResolver } from './resolver.ts'

const everyMs = 3_000
/** Addresses of a job: they are looked up side by side and written together. */
const perJob = 20
const jobsAtOnce = 4
/** Jobs that may wait: enough work until the next sweep, and few addresses that are only marked as being in hand. */
const mostWaiting = 25

export interface LookupJob {
  addresses: readonly string[]
}

export interface LookupContext {
  settings: Pick<Settings, 'dns' | 'dnsPerSecond' | 'asnDns' | 'mmdb' | 'redisUrl'>
  database: Database
  log: Log
  /** Called with addresses of which a fact changed, inside the transaction that writes it. */
  onChanged(trx: Db, addresses: readonly string[]): Promise<void>
}

/** Opens the queue that carries addresses to look up. */
export const openLookups = (settings: { redisUrl: string | null }, database: Database): Promise<JobQueue<LookupJob>> =>
  openJobQueue<LookupJob>(
    {
      name: 'lookups',
      jobId: ({ addresses }) => `lookup-${sha256(addresses.join(',')).toString('hex')}`,
      // What a name server does not answer is noted at the address; only a database that is away makes a job fail. Then the sweep knows.
      attempts: 3,
    },
    settings,
    database,
  )

/**
 * Looks up sources that are due, beside the ingest path: that only writes down addresses, and nothing waits here for the outcome.
 * `source_hosts` says what is to be done; jobs are notes about it. Does nothing when no name server and no file may be asked.
 */
export async function startLookups({ settings, database, log, onChanged }: LookupContext): Promise<{ close(): Promise<void> }> {
  const files = await openAddressFiles(settings.mmdb)
  const plain = openResolver(settings)
  if (plain === null && settings.mmdb.length === 0) return { close: () => Promise.resolve() }
  const stopping = new AbortController()
  const resolver = plain && pace(plain, settings.dnsPerSecond, stopping.signal)
  const lookUp = createLookUp({ resolver, files, asnDns: settings.asnDns })
  const queue = await openLookups(settings, database)

  async function handle({ addresses }: LookupJob): Promise<void> {
    const found = await Promise.all(addresses.map(lookUp))
    stopping.signal.throwIfAborted() // asked half: the job is done again
    await database.db.transaction().execute(async (trx) => {
      const changed = await saveLookedUp(trx, found)
      if (changed.length > 0) await onChanged(trx, changed)
    })
    for (const { problem } of found) counted.lookups.inc({ result: problem === null ? 'answered' : 'failed' })
  }
  const work = await queue.work(handle, {
    concurrency: jobsAtOnce,
    onError: (error) => log.warn({ err: error }, 'the queue of look-ups is in trouble'),
  })
  const sweep = startSweep(async () => {
    await files.refresh(log)
    return queueDue(database.db, queue)
  }, log)
  return {
    async close() {
      await sweep.close()
      stopping.abort()
      plain?.cancel()
      await work.close()
      await queue.close()
    },
  }
}

/** Queues what is due, as far as the queue has room for it. Returns how many addresses that were. */
export async function queueDue(db: Db, queue: JobQueue<LookupJob>): Promise<number> {
  const { waiting } = await queue.depth()
  const room = mostWaiting - waiting
  if (room <= 0) return 0
  const addresses = await takeDue(db, room * perJob)
  const jobs = Array.from({ length: Math.ceil(addresses.length / perJob) }, (_, index) => ({
    addresses: addresses.slice(index * perJob, (index + 1) * perJob),
  }))
  await queue.add(jobs)
  return addresses.length
}

function startSweep(once: () => Promise<number>, log: Log): { close(): Promise<void> } {
  let ended = false
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      if (ended) return
      try {
        await once()
      } catch (error) {
        log.warn({ err: error }, 'look-ups will be queued later')
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
