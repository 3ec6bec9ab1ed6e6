import { type Database, type Log, type MailQueue, OperatorError, type Settings } from '@ruadar/platform'
import { type Limits, parseLimits } from '@ruadar/reports'
import { startAlertsDelivery } from './alerts/alerts-delivery.ts'
import { isRuaPublished } from './alerts/rua.ts'
import { createAlertWatch } from './alerts/watch.ts'
import { createIntake } from './intake.ts'
import { startLookups } from './lookups/start.ts'
import { openResolver } from './lookups/resolver.ts'
import { createProcessor } from './process.ts'
import { openRawMails } from './raw-mails.ts'
import { type Readers, startReaders } from './reading/pool.ts'
import { startRetention } from './retention.ts'
import { identifyAnew } from './senders/identify-ways.ts'
import { startSenderPass } from './senders/pass.ts'
import { startSpareObjects } from './spare-objects.ts'
import { startMailboxes } from './sources/imap/supervisor.ts'
import { startSweep } from './sweep.ts'

export interface IngestContext {
  settings: Settings
  database: Database
  queue: MailQueue
  log: Log
}

/** Connections that an ingest process needs: one for each job in hand, and some for the rest. */
export const ingestConnections = (settings: Pick<Settings, 'readers'>): number => jobsInHand(settings) + 8
/** More jobs than readers, so that a reader has work while another job is being committed. */
const jobsInHand = ({ readers }: Pick<Settings, 'readers'>): number => Math.max(readers * 2, 4)

/** Seconds: the longest that a transaction waits for a reader. A worker that is stopped, or whose machine is gone, holds rows no longer. */
export const longestTransactionIdle = ({ readSeconds }: Pick<Settings, 'readSeconds'>): number => readSeconds + 30

/** Alerts are decided when no report has come in for so long. */
const alertSettleMs = 5_000

/** Everything that turns mailboxes into rows: mailboxes, queue worker, readers, sweep, and the end of other people's mail. `close` drains what is in hand. */
export async function startIngest(context: IngestContext): Promise<{ close(): Promise<void> }> {
  const worker = await startQueueWorker(context)
  const { settings, database, queue, log } = context
  const objects = openRawMails(settings)
  const mailboxes = await startMailboxes({
    settings,
    database,
    log,
    intake: createIntake({ database, queue, log, idleSeconds: settings.leaseSeconds, objects }),
  })
  const lookups = await startLookups({ settings, database, log, onChanged: identifyAnew })
  const resolver = openResolver(settings)
  const alertWatch = createAlertWatch({
    database,
    settleMs: alertSettleMs,
    looksUp: resolver !== null || settings.mmdb.length > 0,
    isRuaPublished: (domain) => isRuaPublished(resolver, domain),
  })
  const senders = startSenderPass({ database, log, afterwards: alertWatch })
  const delivery = await startAlertsDelivery({ settings, database, log })
  const retention = startRetention({ database, log, settings })
  const spareObjects = objects && startSpareObjects({ database, store: objects, log })
  return {
    async close() {
      await spareObjects?.close()
      await retention.close()
      await delivery.close()
      resolver?.cancel()
      await senders.close()
      await lookups.close()
      await mailboxes.close()
      await worker.close()
    },
  }
}

/** The part behind the queue, also used by `ruadar import`, which brings its own mails. */
export async function startQueueWorker({ settings, database, queue, log }: IngestContext): Promise<{ close(): Promise<void> }> {
  const { sampleBodies, domains } = settings
  const readers = openReaders(settings)
  const work = await queue.work(createProcessor({ database, readers, domains, sampleBodies, objects: openRawMails(settings), log }), {
    concurrency: jobsInHand(settings),
    onError: (error) => log.warn({ err: error }, 'the queue is in trouble'),
  })
  const sweep = startSweep({ database, queue, log })
  return {
    async close() {
      await sweep.close()
      await work.close()
      await readers.close()
    },
  }
}

/** Reader threads as the settings want them. */
export function openReaders(settings: Settings): Readers {
  const limits = { mailBytes: Math.max(settings.mailMaxBytes, settings.uploadMaxBytes), ...readerLimits(settings) }
  const { readers, readSeconds, readMemoryMb, sampleBodies } = settings
  return startReaders({ readers, readSeconds, readMemoryMb, limits, sampleBodies })
}

function readerLimits(settings: Settings): Partial<Limits> {
  try {
    return parseLimits(settings.limits)
  } catch (error) {
    throw new OperatorError(`RUADAR_LIMITS is wrong. ${(error as Error).message}`, 'docs/limits.md says what they mean.', { cause: error })
  }
}
