import { createToken } from '@ruadar/api'
import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'

export function tokenCommand(): Command {
  const create = new Command('create')
    .description('make an API token and print it, once')
    .requiredOption('--name <name>', 'what the token is for')
    .option('--sees-addresses', 'let it see the recipients of other people’s mail in failure reports', false)
    .action(({ name, seesAddresses }: { name: string; seesAddresses: boolean }) =>
      runService('token', async (service) => {
        const { database } = await openHouse(service, { name: 'token', connections: 2, asGuest: true })
        const { token } = await createToken(database.db, name, { seesAddresses })
        process.stdout.write(`${token}\n`)
        return 0
      }),
    )
  return new Command('token').description('API tokens').addCommand(create)
}
