import type { Database } from '@ruadar/platform'
import { compareTls, compareTlsFailures, findMailsWithoutOutcome } from '../../cli/src/verify/mails-and-tls.ts'
import { compareSenders } from '../../cli/src/verify/senders.ts'
import { compareSpans } from '../../cli/src/verify/spans.ts'
import { compareMonth, type Difference, findMonths } from '../../cli/src/verify/totals.ts'

/** All that `ruadar verify` compares, and what it would name. */
export async function findDifferences(database: Database): Promise<Difference[]> {
  const found: Difference[] = [
    ...(await compareTls(database.db, 100)),
    ...(await compareTlsFailures(database.db, 100)),
    ...(await findMailsWithoutOutcome(database.db, 100)),
  ]
  for (const month of await findMonths(database.db)) {
    found.push(...(await compareMonth(database, month, 100)), ...(await compareSenders(database, month, 100)))
    found.push(...(await compareSpans(database, month, 100)))
  }
  return found
}
