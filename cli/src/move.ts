import { existsSync } from 'node:fs'
import { loadArchive, openDatabase, OperatorError, runService, type Service, writeArchive } from '@ruadar/platform'
import { Command } from 'commander'
import { openStore, secretKeyFile } from './house.ts'
import { describeLoaded, tellTable } from './loaded.ts'

export function moveCommand(): Command {
  return new Command('move')
    .description('copy the embedded database to a PostgreSQL server, whose database has to be empty')
    .requiredOption('--to <url>', 'the new DATABASE_URL, leading to the server itself, not to a pooler')
    .action(({ to }: { to: string }) => runService('move', (service) => run(service, to)))
}

/**
 * Another Ruadar must not run on the data folder: what it took in while we copy would stay behind, and mailboxes that delete mails
 * afterwards could not give it again.
 */
async function run(service: Service, to: string): Promise<number> {
  if (service.settings.databaseUrl) {
    throw new OperatorError('There is nothing to move: DATABASE_URL is set.', 'Unset it to move the embedded database of RUADAR_DATA_DIR.')
  }
  if (!/^postgres(ql)?:\/\//.test(to) || !URL.canParse(to)) {
    throw new OperatorError('--to is no URL of a PostgreSQL database.', 'It looks like postgres://user:password@host/database.')
  }
  const target = await openDatabase(to, { name: 'move', max: 2 })
  service.onClose(() => target.close())
  const { database, settings } = await openStore(service, { name: 'move', connections: 2 })
  const loaded = await loadArchive(target.pool, writeArchive(database.pool), { onTable: tellTable })
  process.stdout.write(`Moved ${describeLoaded(loaded)}\n${whatNext(to, secretKeyFile(settings))}\n`)
  return 0
}

function whatNext(to: string, keyFile: string): string {
  const shown = new URL(to)
  if (shown.password) shown.password = '…'
  const key = existsSync(keyFile) ? `, and RUADAR_SECRET_KEY to what ${keyFile} holds` : ''
  return [
    `Next: set DATABASE_URL to ${shown.href.replace('%E2%80%A6', '…')}${key}; then start Ruadar.`,
    'The embedded database is as it was: remove its folder when the new one has proved itself, and do not start it again until then.',
  ].join('\n')
}
