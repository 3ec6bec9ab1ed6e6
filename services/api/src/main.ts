import { assertMigrated, createLog, describeError, loadSettings, openDatabase, openQueue, OperatorError } from '@ruadar/platform'
import { setupLink } from './access/setup.ts'
import { startApi } from './server.ts'

/** The API alone, against shared servers; any number of them may run. */
async function main(): Promise<() => Promise<void>> {
  const settings = loadSettings(process.env)
  if (!settings.databaseUrl) throw new OperatorError('The API alone needs a database.', 'Set DATABASE_URL, or run `ruadar start`.')
  const log = createLog(settings, 'api')
  const database = await openDatabase(settings.databaseUrl, { name: 'api' })
  await assertMigrated(database)
  const queue = await openQueue(settings, database)
  const api = await startApi({ settings, database, queue, log })
  process.stdout.write(`Ruadar's API listens at ${api.url}\n`)
  const link = await setupLink(database.db, settings, api.url)
  if (link) process.stdout.write(`Create the administrator: ${link}\n`)
  return async () => {
    await api.close()
    await queue.close()
    await database.close()
  }
}

try {
  const close = await main()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      close().then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      )
    })
  }
} catch (error) {
  fail(error)
}

function fail(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`)
  process.exit(1)
}
