import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from '../house.ts'
import { compareTls, findMailsWithoutOutcome } from './mails-and-tls.ts'
import { compareSenders, countPendingDays } from './senders.ts'
import { compareMonth, type Difference, findMonths } from './totals.ts'

/** Differences of one kind in one month that are named; thousands of lines would say no more. */
const most = 100

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'recompute reports and daily sums from the stored records, find mails without outcome, and name every difference (exit code 1 if any)',
    )
    .action(() =>
      runService('verify', async (service) => {
        const { database } = await openHouse(service, { name: 'verify', connections: 2, asGuest: true })
        const months = await findMonths(database.db)
        let count = 0
        for (const [index, month] of months.entries()) {
          count += name(await compareMonth(database, month, most))
          count += name(await compareSenders(database, month, most))
          process.stderr.write(`${month.slice(0, 7)} compared (${index + 1} of ${months.length})\n`)
        }
        count += name(await compareTls(database.db, most)) + name(await findMailsWithoutOutcome(database.db, most))
        const pending = await countPendingDays(database)
        if (pending > 0) process.stdout.write(`Sums by sender of ${pending} days wait for the background and were left out.\n`)
        process.stdout.write(
          count === 0
            ? 'Reports and daily sums agree with what they sum up, and every mail that was read has an outcome.\n'
            : `${count} differences (at most ${most} of a kind and month are named).\n`,
        )
        return count === 0 ? 0 : 1
      }),
    )
}

function name(differences: readonly Difference[]): number {
  for (const { what, stored, right } of differences) process.stdout.write(`${what}: stored ${stored}; should be ${right}\n`)
  return differences.length
}
