import { describeError, runService, type Service } from '@ruadar/platform'
import { Command } from 'commander'
import { type House, openHouse } from '../house.ts'
import { bad, type Finding, good } from './check.ts'
import { checkClock } from './clock.ts'
import { checkDisk } from './disk.ts'
import { checkIngest } from './ingest.ts'
import { checkMailboxes } from './mailboxes.ts'
import { checkOperation } from './operation.ts'
import { checkMailboxSettings } from './mailbox-settings.ts'

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check settings, database, queue, mailboxes and disk, and say what to do')
    .action(() => runService('doctor', run))
}

/** Settings are right when we are here: runService has said what is wrong with them otherwise. */
async function run(service: Service): Promise<number> {
  const { settings } = service
  const findings: Finding[] = [good('settings', 'All settings can be used.')]
  for (const name of settings.unknown) findings.push(bad('settings', `${name} is not a setting; docs/configuration.md lists them.`))
  findings.push(await checkDisk(settings.dataDir))
  try {
    const house = await openHouse(service, { name: 'doctor', connections: 3, asGuest: true })
    findings.push(...(await checkHouse(house)))
  } catch (error) {
    findings.push(bad('database or queue', describeError(error)))
  }
  for (const { what, ok, message } of findings) process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${what}: ${message}\n`)
  const failed = findings.filter(({ ok }) => !ok).length
  process.stdout.write(failed === 0 ? 'All is well.\n' : `${failed} of ${findings.length} checks failed.\n`)
  return failed === 0 ? 0 : 1
}

async function checkHouse(house: House): Promise<Finding[]> {
  const { database, queue, settings } = house
  const { rows } = await database.pool.query<{ version: string; size: string }>(
    `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size`,
  )
  const { waiting, active } = await queue.depth()
  return [
    good('database', `PostgreSQL ${rows[0]?.version} answers; the schema is up to date; ${rows[0]?.size} are used.`),
    good(
      'queue',
      `${queue.backend === 'redis' ? 'Redis' : 'The queue in PostgreSQL'} answers; ${waiting} jobs wait, ${active} are in work.`,
    ),
    await checkClock(database.db),
    ...(await checkIngest(database.db)),
    ...(await checkOperation(database.db, settings)),
    ...(await checkMailboxSettings(database.db, settings)),
    ...(await checkMailboxes(database.db, settings)),
  ]
}
