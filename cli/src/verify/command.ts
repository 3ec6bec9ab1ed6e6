import { runService } from '@ruadar/platform'
import { Command } from 'commander'
import { openHouse } from '../house.ts'
import { compareTls, compareTlsFailures, findMailsWithoutOutcome } from './mails-and-tls.ts'
import { compareRawMails } from './raw-mails.ts'
import { compareSenders, countPendingDays } from './senders.ts'
import { compareSpans } from './spans.ts'
import { compareMonth, type Difference, findMonths } from './totals.ts'

/** Differences of one kind in one month that are named; thousands of lines would say no more. */
const most = 100

export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'recompute reports and daily sums from the stored records, find mails without outcome, and name every difference (exit code 1 if any)',
    )
    .option('--full', 'besides, read the mail of every report again and compare what the reader says with what is stored')
    .action(({ full }: { full?: boolean }) =>
      runService('verify', async (service) => {
        const { database, settings } = await openHouse(service, { name: 'verify', connections: full ? 6 : 2, asGuest: true })
        const months = await findMonths(database.db)
        let count = 0
        for (const [index, month] of months.entries()) {
          count += name(await compareMonth(database, month, most))
          count += name(await compareSenders(database, month, most))
          count += name(await compareSpans(database, month, most))
          process.stderr.write(`${month.slice(0, 7)} compared (${index + 1} of ${months.length})\n`)
        }
        count += name(await compareTls(database.db, most)) + name(await compareTlsFailures(database.db, most))
        count += name(await findMailsWithoutOutcome(database.db, most))
        if (full) count += await compareRaw({ database, settings })
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

async function compareRaw(context: Parameters<typeof compareRawMails>[0]): Promise<number> {
  const { read, withoutBytes, differences } = await compareRawMails(context, most, (mails) =>
    process.stderr.write(`${mails} mails read and compared\n`),
  )
  process.stdout.write(
    `${read} mails were read again and compared; ${withoutBytes} mails with reports have no bytes any more and were left out.\n`,
  )
  return name(differences)
}

function name(differences: readonly Difference[]): number {
  for (const { what, stored, right } of differences) process.stdout.write(`${what}: stored ${stored}; should be ${right}\n`)
  return differences.length
}
