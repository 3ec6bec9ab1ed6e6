import { countKnown, forgetDomain } from '@ruadar/ingest'
import { OperatorError, runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'

export function forgetCommand(): Command {
  return new Command('forget')
    .description('delete a Policy Domain and all that was reported for it; without --yes say what that would be')
    .argument('<domain>', 'name of the Policy Domain, as the pages show it')
    .option('--yes', 'delete it')
    .action((given: string, { yes }: { yes?: boolean }) =>
      runService('forget', async (service) => {
        const name = given.toLowerCase().replace(/\.$/, '')
        const { database } = await openHouse(service, { name: 'forget', connections: 2, asGuest: true })
        const known = await countKnown(database, name)
        // Names that it left without use may be there still, when the last run was ended.
        if (!known && !yes) throw new OperatorError(`Nothing is known of ${name}.`, 'The pages list the domains by name.')
        if (known)
          process.stdout.write(
            `${yes ? 'Now deleted' : 'Would be deleted'}: ${known.reports} reports with ${known.records} records of ${known.messages} messages, ` +
              `${known.tlsReports} TLS reports, ${known.failureReports} failure reports, ${known.decisions} decisions, ${known.alerts} alerts, ` +
              `${known.refusedMails} mails with reports that were not taken; sums, and mails that held nothing else.\n`,
          )
        if (!yes) {
          process.stdout.write('Nothing was deleted. Say --yes to delete it.\n')
          return 0
        }
        await forgetDomain(database, name)
        process.stdout.write(`${name} is forgotten.\n`)
        return 0
      }),
    )
}
