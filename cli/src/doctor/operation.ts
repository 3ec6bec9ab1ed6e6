import { countedAtMost, type Operation, readOperation } from '@ruadar/api'
import { type Db, type Settings, sql } from '@ruadar/platform'
import { bad, type Finding, good } from './check.ts'

/** What runs in the background may be so far behind without anything being wrong: a backlog of mails goes first. */
const behindSeconds = 15 * 60
/** Some reverse zones never answer; so many addresses that cannot be looked up are more than that. */
const fewAddresses = 20

/** What ingest says of itself: mailboxes it cannot reach, senders that are behind, channels and look-ups that fail. */
export async function checkOperation(db: Db, settings: Settings): Promise<Finding[]> {
  const operation = await readOperation(db)
  return [
    ...operation.mailboxes.flatMap(judgeMailbox),
    await judgePass(db, operation.pass),
    ...judgeChannels(operation),
    await judgeLookups(db, settings, operation.lookups.due),
  ]
}

/** Only what is wrong: that a mailbox can be reached the check of mailboxes says. */
function judgeMailbox({ name, isFailing, message, remaining, syncedAt }: Operation['mailboxes'][number]): Finding[] {
  const what = `mailbox ${name}, as ingest sees it`
  if (isFailing) return [bad(what, message ?? 'It cannot be reached.')]
  const behind = syncedAt === null ? 0 : Date.now() / 1000 - syncedAt
  if (behind < behindSeconds) return []
  return [bad(what, `It was last in step ${minutes(behind)} ago, ${remaining} mails are known to wait; see that an ingest worker runs.`)]
}

async function judgePass(db: Db, { reports, oldestSeconds, ways, days }: Operation['pass']): Promise<Finding> {
  if (reports === 0 && ways === 0 && days === 0) return good('senders', 'They are up to date with the reports.')
  const left = `${many(reports)} reports, ${many(ways)} ways and ${many(days)} days are still to be followed`
  if (oldestSeconds < behindSeconds) return good('senders', `${left}.`)
  const holder = await findLongTransaction(db, behindSeconds)
  const why = holder
    ? `"${holder.name}" has kept a transaction open for ${minutes(holder.seconds)}: nothing after its start can be followed; end it.`
    : 'It waits while many mails are unread; otherwise the log of ingest says why.'
  return bad('senders', `${left}, the oldest for ${minutes(oldestSeconds)}: senders and alerts are behind. ${why}`)
}

/** The pass follows what is older than the oldest transaction, so one that never ends stops it. */
export async function findLongTransaction(db: Db, olderThanSeconds: number): Promise<{ name: string; seconds: number } | undefined> {
  const { rows } = await sql<{ name: string; seconds: number }>`
    select application_name as name, extract(epoch from now() - xact_start)::float8 as seconds from pg_stat_activity
    where datname = current_database() and backend_xid is not null and xact_start < now() - make_interval(secs => ${olderThanSeconds})
    order by xact_start limit 1`.execute(db)
  return rows[0]
}

function judgeChannels({ channels, deliveriesWaiting }: Operation): Finding[] {
  const failing = channels.filter(({ isFailing }) => isFailing)
  if (failing.length === 0) {
    return [good('channels', channels.length === 0 ? 'There is none.' : `${channels.length} work; ${deliveriesWaiting} deliveries wait.`)]
  }
  return failing.map(({ name, message }) => bad(`channel ${name}`, `It cannot deliver: ${message ?? 'no reason is known'}`))
}

async function judgeLookups(db: Db, { dns, mmdb }: Settings, due: number): Promise<Finding> {
  if (dns === 'off' && mmdb.length === 0) return good('look-ups', 'RUADAR_DNS is off: nothing is looked up.')
  const { rows } = await sql<{ failing: number; answered: number; problem: string | null }>`
    select count(*) filter (where attempts > 0) as failing, count(*) filter (where looked_up_at > now() - interval '1 day') as answered,
      mode() within group (order by problem) filter (where attempts > 0) as problem
    from source_hosts`.execute(db)
  const { failing, answered, problem } = rows[0] ?? { failing: 0, answered: 0, problem: null }
  if (failing > fewAddresses && failing > answered) {
    return bad(
      'look-ups',
      `${failing} addresses could not be looked up, ${answered} could of late. Most often: ${problem} Check RUADAR_DNS.`,
    )
  }
  return good('look-ups', `${many(due)} addresses are due; ${failing} could not be looked up and are tried again.`)
}

const minutes = (seconds: number): string => `${Math.round(seconds / 60)} minutes`
const many = (count: number): string => (count >= countedAtMost ? `over ${countedAtMost}` : String(count))
