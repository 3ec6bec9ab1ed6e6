import { assertMigrated, openDatabase, openQueue, OperatorError, runService } from '@ruadar/platform'
import { startOperationListener } from './operation-listener.ts'
import { ingestConnections, longestTransactionIdle, startIngest } from './start.ts'

/** An ingest worker alone, against shared servers. Any number may run. */
await runService('ingest', async ({ settings, log, onClose }) => {
  if (!settings.databaseUrl)
    throw new OperatorError('DATABASE_URL is not set.', 'A worker alone needs a shared PostgreSQL; `ruadar start` brings its own.')
  const database = await openDatabase(settings.databaseUrl, {
    name: 'ingest',
    max: ingestConnections(settings),
    slow: { ms: settings.slowQueryMs, log },
    directUrl: settings.databaseDirectUrl,
    idleInTransactionSeconds: longestTransactionIdle(settings),
  })
  onClose(() => database.close())
  await assertMigrated(database)
  const queue = await openQueue(settings, database)
  onClose(() => queue.close())
  if (settings.metricsPort !== 0) {
    const listener = await startOperationListener({ settings, database, queue, log })
    onClose(() => listener.close())
  }
  const ingest = await startIngest({ settings, database, queue, log })
  onClose(() => ingest.close())
  log.info({ queue: queue.backend, readers: settings.readers }, 'ingest runs')
  return undefined
})
