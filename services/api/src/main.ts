import { assertMigrated, openDatabase, openQueue, OperatorError, runService } from '@ruadar/platform'
import { setupLink } from './access/setup.ts'
import { startApi } from './server.ts'

/** The API and the page alone, against shared servers. Any number may run. */
await runService('api', async ({ settings, log, onClose }) => {
  if (!settings.databaseUrl)
    throw new OperatorError('DATABASE_URL is not set.', 'An API alone needs a shared PostgreSQL; `ruadar start` brings its own.')
  const database = await openDatabase(settings.databaseUrl, {
    name: 'api',
    slow: { ms: settings.slowQueryMs, log },
    directUrl: settings.databaseDirectUrl,
  })
  onClose(() => database.close())
  await assertMigrated(database)
  const queue = await openQueue(settings, database)
  onClose(() => queue.close())
  const api = await startApi({ settings, database, queue, log })
  onClose(() => api.close())
  const link = await setupLink(database.db, settings, api.url)
  process.stdout.write(`Ruadar's API runs at ${api.url}\n${link ? `First run: create the administrator at ${link}\n` : ''}`)
  return undefined
})
