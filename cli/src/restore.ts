import { existsSync } from 'node:fs'
import { loadArchive, runService, type Service, type Settings, uncompressArchive } from '@ruadar/platform'
import { Command } from 'commander'
import { openBackup } from './backup-file.ts'
import { openStore, secretKeyFile } from './house.ts'
import { describeLoaded, tellTable } from './loaded.ts'

export function restoreCommand(): Command {
  return new Command('restore')
    .description('load a backup into an empty database, compare every row with the backup, and bring the schema up to date')
    .argument('<file>', 'what `ruadar backup` has made; - is the standard input')
    .action((file: string) => runService('restore', (service) => run(service, file)))
}

async function run(service: Service, path: string): Promise<number> {
  const source = path === '-' ? process.stdin : await openBackup(path)
  const { database, settings, embedded } = await openStore(service, { name: 'restore', connections: 2 })
  const loaded = await loadArchive(database.directPool, uncompressArchive(source), { onTable: tellTable })
  process.stdout.write(`Restored ${describeLoaded(loaded)}\n${adviseKey(settings, embedded)}\n`)
  return 0
}

function adviseKey(settings: Settings, embedded: boolean): string {
  const need = 'Passwords of mailboxes and channels can be read only with the secret key of the Ruadar that was backed up'
  if (!embedded || settings.secretKey) return `${need}: set it as RUADAR_SECRET_KEY.`
  const file = secretKeyFile(settings)
  return existsSync(file) ? `${need}: see that it is the one in ${file}.` : `${need}: put it into ${file} before the first start.`
}
