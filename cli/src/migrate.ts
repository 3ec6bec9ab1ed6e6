import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'

export function migrateCommand(): Command {
  return new Command('migrate').description('bring the database schema up to date and end').action(() =>
    runService('migrate', async (service) => {
      const { embedded } = await openHouse(service, { name: 'migrate', connections: 2, asGuest: true })
      process.stdout.write(`The schema of the ${embedded ? 'embedded database' : 'database'} is up to date.\n`)
      return 0
    }),
  )
}
