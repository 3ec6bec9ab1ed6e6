import { alertWords, type Language } from '@ruadar/alerts/words'
import { type Database, type Db, type Log, type Settings, sql } from '@ruadar/platform'
import { composeDigest } from './digest.ts'
import { loadDigest } from './digest-data.ts'

const everyMs = 60_000
const dayMs = 86_400_000
const hourMs = 3_600_000
/** A digest that could not be made in time is made later, but not when it is old news. */
const latestMs = { daily: 20 * hourMs, weekly: 3 * dayMs }

export interface DigestOptions {
  database: Database
  settings: Pick<Settings, 'publicUrl'>
  log: Log
  now?: () => Date
}

/** Makes digests when their hour has come, and hands them to the outbox. Any number of processes may run. */
export function startDigests(options: DigestOptions): { close(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const run = () => {
    running = running.then(async () => {
      try {
        const made = await makeDueDigests(options)
        if (made > 0) options.log.info({ digests: made }, 'digests were made')
      } catch (error) {
        options.log.warn({ err: error }, 'digests will be made later')
      }
    })
  }
  run()
  const timer = setInterval(run, everyMs)
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}

interface DigestChannel {
  id: number
  name: string
  language: Language
  domains: string[] | null
  digest: 'daily' | 'weekly'
  hour: number
}

/** Makes what is due and was not made yet; gives how many digests were handed over. */
export async function makeDueDigests({ database, settings, now = () => new Date() }: DigestOptions): Promise<number> {
  const { rows } = await sql<DigestChannel>`
    select id, name, language, domains, digest, digest_hour as hour from channels
    where enabled and kind = 'email' and digest <> 'none' order by id`.execute(database.db)
  let made = 0
  for (const channel of rows) {
    const period = duePeriod(channel, now())
    if (!period) continue
    const handed = await database.db.transaction().execute((trx) => makeDigest(trx, channel, period, settings.publicUrl))
    if (handed) made++
  }
  return made
}

/**
 * The period [from, to) whose digest is due: a day, or seven up to a Saturday that is told on Monday. The last day of a period is the day
 * before yesterday's end: reporters send what they saw of a day during the next.
 */
export function duePeriod({ digest, hour }: Pick<DigestChannel, 'digest' | 'hour'>, now: Date): { from: string; to: string } | null {
  const sinceMonday = (now.getUTCDay() + 6) % 7
  const today = Math.floor(now.getTime() / dayMs) * dayMs
  const back = digest === 'weekly' ? 7 : 1
  let at = today - (digest === 'weekly' ? sinceMonday * dayMs : 0) + hour * hourMs
  if (at > now.getTime()) at -= back * dayMs
  if (now.getTime() - at > latestMs[digest]) return null
  const to = Math.floor(at / dayMs) * dayMs - dayMs
  return { from: dayOf(to - back * dayMs), to: dayOf(to) }
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** The row of the run keeps a second process, and a second look, from making the same digest. */
async function makeDigest(
  trx: Db,
  channel: DigestChannel,
  { from, to }: { from: string; to: string },
  publicUrl: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    insert into digest_runs (channel_id, period_from, period_to) select id, ${from}, ${to} from channels where id = ${channel.id}
    on conflict do nothing returning channel_id`.execute(trx)
  if (rows.length === 0) return false
  const data = await loadDigest(trx, { from, to, domains: channel.domains })
  const footer = alertWords[channel.language].actions.reason(channel.name)
  const digest = composeDigest(data, { language: channel.language, publicUrl, footer })
  if (!digest) return false
  await sql`
    with handed as (
      insert into deliveries (channel_id, what, key, content)
      values (${channel.id}, 'digest', ${`digest:${from}:${to}`}, ${JSON.stringify(digest)}::jsonb)
      on conflict (channel_id, key) do nothing returning id
    )
    update digest_runs set delivery_id = handed.id from handed
    where channel_id = ${channel.id} and period_from = ${from} and period_to = ${to}`.execute(trx)
  return true
}
