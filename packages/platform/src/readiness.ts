import type { Database } from './database.ts'
import type { Log } from './log.ts'
import { assertMigrated } from './migrate.ts'

/** Longer than any healthy answer, shorter than a load balancer's patience. */
const patienceMs = 2000

export interface Unready {
  part: 'database' | 'schema' | 'queue'
  /** One sentence. */
  message: string
}

/**
 * What keeps a process from working although it is alive: the database or the queue does not answer, or the schema is not the one of
 * this version. Null: it is ready.
 */
export async function findUnready(
  { database, queue, log }: { database: Database; queue: { depth(): Promise<unknown> }; log: Log },
  limitMs = patienceMs,
): Promise<Unready | null> {
  const [databaseAway, queueAway] = await Promise.all([failure(database.pool.query('select 1'), limitMs), failure(queue.depth(), limitMs)])
  if (databaseAway) return tell(log, { part: 'database', message: 'The database does not answer.' }, databaseAway)
  if (queueAway) return tell(log, { part: 'queue', message: 'The queue does not answer.' }, queueAway)
  const unfit = await failure(assertMigrated(database), limitMs)
  return unfit ? tell(log, { part: 'schema', message: unfit.message }, unfit) : null
}

function tell(log: Log, unready: Unready, error: Error): Unready {
  log.warn({ err: error }, unready.message)
  return unready
}

async function failure(question: Promise<unknown>, limitMs: number): Promise<Error | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([question, late])
    return null
  } catch (error) {
    return error as Error
  } finally {
    clearTimeout(timer)
  }
}
