import { counted, type Database, type JobQueue, type Log, openJobQueue, type Settings, sql } from '@ruadar/platform'
import { type AttemptContext, attemptDelivery, defaultWaits } from './attempt.ts'
import type { Network } from './channels/channel.ts'
import { defaultNetwork } from './channels/registry.ts'
import { isFree, isPast } from './due.ts'

/** Servers that hang are waited for in slots of their own: a channel has one attempt in hand at a time. */
const atOnce = 8
const pollMs = 5000
const pruneMs = 3_600_000
/** What was delivered, or given up, is shown for so long. */
const keptDays = 90

export interface DeliveryOptions {
  database: Database
  settings: Pick<Settings, 'redisUrl' | 'secretKey' | 'publicUrl' | 'allowPrivateWebhooks'>
  log: Log
  /** For tests: bounds of an attempt, waits between attempts in ms, and how often the outbox is looked at. */
  network?: Partial<Pick<Network, 'lookup' | 'connectMs' | 'wholeMs'>>
  waits?: readonly number[]
  pollMs?: number
}

interface DeliveryJob {
  deliveryId: number
}

/**
 * Delivers what the outbox holds, each delivery a job of its own. Any number of processes may run; `close` interrupts attempts under way,
 * which are made again.
 */
export async function startDeliveries(options: DeliveryOptions): Promise<{ close(): Promise<void> }> {
  const { database, settings, log } = options
  const stopping = new AbortController()
  const context: AttemptContext = {
    database,
    settings,
    network: { ...defaultNetwork, ...options.network, allowPrivate: settings.allowPrivateWebhooks, stopping: stopping.signal },
    waits: options.waits ?? defaultWaits,
  }
  const queue = await openJobQueue<DeliveryJob>(
    { name: 'deliveries', jobId: ({ deliveryId }) => `delivery-${deliveryId}`, attempts: 3 },
    settings,
    database,
  )
  const work = await queue.work(
    async ({ deliveryId }) => {
      const attempt = await attemptDelivery(context, deliveryId)
      if (!attempt) return
      counted.deliveries.inc({ kind: attempt.kind, result: attempt.result })
      log[attempt.ok ? 'debug' : 'warn']({ delivery: deliveryId, ...attempt }, attempt.ok ? 'delivered' : 'could not deliver')
      if (attempt.ok) await queueDue(database, queue)
    },
    { concurrency: atOnce, onError: (error) => log.warn({ err: error }, 'the queue of deliveries is in trouble') },
  )
  let running: Promise<void> = Promise.resolve()
  const every = (task: () => Promise<unknown>) => () => {
    running = running.then(task).then(
      () => undefined,
      (error: unknown) => log.warn({ err: error }, 'the outbox will be looked at again'),
    )
  }
  const look = every(() => queueDue(database, queue))
  const prune = every(() => pruneDeliveries(database))
  look()
  prune()
  const timers = [setInterval(look, options.pollMs ?? pollMs), setInterval(prune, pruneMs)]
  return {
    async close() {
      for (const timer of timers) clearInterval(timer)
      stopping.abort()
      await running
      await work.close()
      await queue.close()
    },
  }
}

/** Queues the oldest delivery that is due of each channel that has none in hand: one that is slow or dead holds up no other. */
async function queueDue({ db }: Database, queue: JobQueue<DeliveryJob>): Promise<void> {
  const { rows } = await sql<DeliveryJob>`
    select distinct on (d.channel_id) d.id as "deliveryId"
    from deliveries d join channels c on c.id = d.channel_id
    where d.state = 'waiting' and d.what <> 'test' and ${isPast(sql`d.due_at`)} and ${isPast(sql`c.paused_until`)}
      and not exists (select 1 from deliveries b where b.channel_id = d.channel_id and b.state = 'waiting' and not ${isFree('b')})
    order by d.channel_id, d.due_at, d.id`.execute(db)
  await queue.add(rows)
}

async function pruneDeliveries({ db }: Database): Promise<void> {
  await sql`
    delete from deliveries where (state <> 'waiting' or what = 'test') and created_at < now() - make_interval(days => ${keptDays})`.execute(
    db,
  )
}
