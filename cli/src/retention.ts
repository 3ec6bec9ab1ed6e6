import { applyRetention, describePlan, planRetention } from '@ruadar/ingest'
import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from './house.ts'

export function retentionCommand(): Command {
  return new Command('retention')
    .description('say what is older than the settings keep it and will be deleted; the running ingest deletes it once a day')
    .option('--now', 'delete it now')
    .action(({ now }: { now?: boolean }) =>
      runService('retention', async (service) => {
        const { database, settings } = await openHouse(service, { name: 'retention', connections: 2, asGuest: true })
        const plan = await planRetention(database.db, settings, new Date())
        const lines = describePlan(plan)
        if (lines.length === 0) {
          process.stdout.write('Nothing is past its time.\n')
          return 0
        }
        process.stdout.write(`${now ? 'Now deleted' : 'Would be deleted'}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
        if (!now) return 0
        const { samples, mails, records, sums, reports, tlsReports, left } = await applyRetention(database.db, plan, settings)
        process.stdout.write(
          `Deleted: ${samples} failure reports, the bytes of ${mails} mails, ${records} records, ${sums} rows of sums and records, ${reports} reports, ${tlsReports} TLS reports.\n`,
        )
        if (left > 0)
          process.stdout.write(`${left} months are in use, or sums by sender still have to follow them: they are left for the next run.\n`)
        return 0
      }),
    )
}
