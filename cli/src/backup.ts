import { compressArchive, runService, type Service, type Settings, writeArchive } from '@ruadar/platform'
import { Command } from 'commander'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openNewFile, unwritable } from './backup-file.ts'
import { openStore, secretKeyFile } from './house.ts'

export function backupCommand(): Command {
  return new Command('backup')
    .description('write everything that the database holds, as of one moment, into one file, also while Ruadar runs')
    .argument('<file>', 'the file to make; - is the standard output')
    .option('--force', 'replace an existing file', false)
    .action((file: string, options: { force: boolean }) => runService('backup', (service) => run(service, file, options.force)))
}

async function run(service: Service, path: string, force: boolean): Promise<number> {
  const since = Date.now()
  const file = path === '-' ? undefined : await openNewFile(path, force)
  if (file) service.onClose(() => file.discard())
  const { database, settings, embedded } = await openStore(service, { name: 'backup', connections: 2, asGuest: true })
  let [tables, rows] = [0, 0]
  const archive = writeArchive(database.directPool, {
    onTable(name, count) {
      tables++
      rows += count
      if (count > 0) tell(`${name}: ${count} rows`)
    },
  })
  await pipeline(Readable.from(archive), compressArchive(), file?.stream ?? process.stdout).catch((error: unknown) => {
    throw unwritable(path === '-' ? 'The standard output' : path, error)
  })
  const bytes = await file?.finish()
  const size = bytes === undefined ? '' : `, ${(bytes / 1e6).toFixed(1)} MB`
  tell(`Backed up ${tables} tables with ${rows} rows${size} in ${((Date.now() - since) / 1000).toFixed(1)} s.`)
  tell(`${whereKeyIs(settings, embedded)} is not inside: keep it too. Passwords of mailboxes and channels cannot be read without it.`)
  return 0
}

/** stdout may be the backup itself. */
function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

function whereKeyIs(settings: Settings, embedded: boolean): string {
  return `The secret key (${embedded && !settings.secretKey ? secretKeyFile(settings) : 'RUADAR_SECRET_KEY'})`
}
