import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from '../house.ts'
import { compareMonth, findMonths } from './totals.ts'

/** Differences of one kind in one month that are named; thousands of lines would say no more. */
const most = 100

export function verifyCommand(): Command {
  return new Command('verify')
    .description('recompute reports and daily sums from the stored records and name every difference (exit code 1 if any)')
    .action(() =>
      runService('verify', async (service) => {
        const { database } = await openHouse(service, { name: 'verify', connections: 2, asGuest: true })
        const months = await findMonths(database.db)
        let count = 0
        for (const [index, month] of months.entries()) {
          for (const { what, stored, right } of await compareMonth(database, month, most)) {
            count++
            process.stdout.write(`${what}: stored ${stored}; should be ${right}\n`)
          }
          process.stderr.write(`${month.slice(0, 7)} compared (${index + 1} of ${months.length})\n`)
        }
        process.stdout.write(
          count === 0
            ? 'Reports and daily sums agree with the records.\n'
            : `${count} differences (at most ${most} of a kind and month are named).\n`,
        )
        return count === 0 ? 0 : 1
      }),
    )
}
