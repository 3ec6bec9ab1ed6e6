import { parseArgs } from 'node:util'
import { buildApp, createToken } from '@ruadar/api'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { createLog, type Db, loadSettings, migrate, openDatabase, openQueue, sql } from '@ruadar/platform'
import { followSpanChanges, makeNextSpan } from '../services/ingest/src/store/spans.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { generate, lastDay } from './query-data.ts'

/**
 * How long the API takes for every question of the pages, over a small and a large store: 95th percentile with one client, and with ten;
 * and what a record takes on disk. `npm run bench:query -- [--small N] [--large N] [--rounds N] [--data FOLDER]
 * [--only TEXT] [--live]`: a folder keeps the stores for another run, a text leaves the questions that have it; live: reports on the newest
 * three days are still coming in, so that no sums of several days have them. The large store of 20 million records needs some 15 GB and half
 * an hour.
 */
const { values } = parseArgs({
  options: {
    small: { type: 'string' },
    large: { type: 'string' },
    rounds: { type: 'string' },
    data: { type: 'string' },
    only: { type: 'string' },
    live: { type: 'boolean' },
  },
})
const sizes = [Number(values.small ?? 2_000_000), Number(values.large ?? 20_000_000)].filter((size) => size > 0)
const rounds = Number(values.rounds ?? 20)
/** Rounds that are not measured: what was just opened reads from disk and plans anew. */
const warmUps = 3

const to = new Date(Date.parse(lastDay) + 86_400_000).toISOString().slice(0, 10)
const from = new Date(Date.parse(to) - 30 * 86_400_000).toISOString().slice(0, 10)
const month = `from=${from}&to=${to}`
/** All domains, the largest (numbers that are drawn begin at 2), and a middling one; `#` stands for them. */
const scopes: [string, string][] = [
  ['all', ''],
  ['largest', '&domain=d2.example'],
  ['d100', '&domain=d100.example'],
]
const scoped = [
  `/summary?${month}#`,
  `/timeline?${month}#`,
  `/domains?${month}#`,
  `/domains/summary?${month}#`,
  `/domains/names?search=d5`,
  `/reporters?${month}#`,
  `/sources?${month}#`,
  `/sources?${month}#&sort=messages`,
  `/sources/198.18.0.130?${month}#`,
  `/senders?${month}#`,
  `/senders?${month}#&sort=failing&state=unknown`,
  `/senders/summary?${month}#`,
  `/senders/2?${month}#`,
  `/senders/2/sources?${month}#`,
  `/reports?${month}#`,
  `/alerts?limit=50`,
]
const questions = scoped
  .flatMap((path) =>
    path.includes('#')
      ? scopes.map(([scope, part]) => ({
          name: `${path.replace(`?${month}#`, '').replace('&', ' ')} ${scope}`,
          path: path.replace('#', part),
        }))
      : [{ name: path, path }],
  )
  .filter(({ name }) => name.includes(values.only ?? ''))

interface Store {
  size: number
  /** Milliseconds that an answer took. */
  ask: (path: string) => Promise<number>
  close: () => Promise<void>
}

async function openStore(size: number): Promise<Store> {
  const server = await startEmbeddedPostgres(values.data ? `${values.data}/${size}` : makeDataDir())
  const database = await openDatabase(server.url, { name: 'bench', max: 20 })
  await migrate(database)
  const { rows } = await sql<{ records: number }>`select count(*) as records from (select 1 from records limit 1) r`.execute(database.db)
  if (rows[0]?.records === 0) await generate(database.db, size, (step) => console.log(`  ${size}: ${step}`))
  // Of a store that was just upgraded, imported into, or live.
  await sql`update span_changes set since = now() - interval '1 hour'`.execute(database.db)
  while (await database.db.transaction().execute((trx) => followSpanChanges(trx)));
  while (await database.db.transaction().execute((trx) => makeNextSpan(trx)));
  await sql`vacuum source_spans, way_spans, domain_spans`.execute(database.db) // as the server does by itself within minutes
  if (values.live)
    await sql`
      insert into span_changes (domain_id, day)
      select distinct v.domain_id, d.day from daily_domains d cross join lateral (values (d.domain_id), (0)) v (domain_id)
      where d.day > ${lastDay}::date - 3`.execute(database.db)
  const settings = loadSettings({ RUADAR_LOG_LEVEL: 'silent', RUADAR_DNS: 'off' })
  const queue = await openQueue(settings, database)
  const log = createLog(settings, 'bench')
  const app = await buildApp({ settings, database, queue, log, now: () => new Date(`${lastDay}T12:00:00Z`) })
  const { token } = await createToken(database.db, `bench ${Date.now()}`)
  console.log(`  ${size}: bytes a record on disk, indexes included: ${await bytesPerRecord(database.db)}`)
  return {
    size,
    ask: async (path) => {
      const since = performance.now()
      const answer = await app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } })
      if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`)
      return performance.now() - since
    },
    close: async () => {
      await app.close()
      await queue.close()
      await database.close()
      await server.stop()
    },
  }
}

/** Milliseconds of each round with one client. The stores take turns, so that whatever else the machine does strikes both. */
async function askInTurns(stores: readonly Store[], path: string): Promise<Map<Store, number[]>> {
  const times = new Map<Store, number[]>(stores.map((store) => [store, []]))
  for (let round = -warmUps; round < rounds; round++) {
    for (const store of stores) {
      const time = await store.ask(path)
      if (round >= 0) times.get(store)?.push(time)
    }
  }
  return times
}

/** Each table with its partitions and indexes, divided by the records. */
async function bytesPerRecord(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string; bytes: number }>`
    with sizes as (
      select coalesce(parent.relname, c.relname) as name, sum(pg_total_relation_size(c.oid)) as bytes
      from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class parent on parent.oid = i.inhparent
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      group by 1
    )
    select name, (bytes / (select count(*) from records))::float8 as bytes from sizes order by bytes desc limit 12`.execute(db)
  const shares = rows.filter(({ bytes }) => bytes >= 0.5).map(({ name, bytes }) => `${name} ${bytes.toFixed(0)}`)
  return `${rows.reduce((sum, { bytes }) => sum + bytes, 0).toFixed(0)} in all (${shares.join(', ')})`
}

function percentile(times: readonly number[] = [], share = 0.95): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.ceil(sorted.length * share), sorted.length) - 1] ?? 0
}

const stores: Store[] = []
for (const size of sizes) stores.push(await openStore(size))
const [small, large] = [stores[0], stores.at(-1)]
if (!small || !large) throw new Error('There is nothing to ask: --small or --large has to be a number of records.')
const ms = (time: number) => time.toFixed(time < 10 ? 1 : 0).padStart(7)
const ratio = (a: number, b: number) => (a / b).toFixed(2).padStart(6)
console.log(
  `One client, ms at ${sizes.join(' and ')} records and their ratio: 95th percentile, median; ten clients at the larger, 95th percentile`,
)
for (const { name, path } of questions) {
  const times = await askInTurns(stores, path)
  const ten = (await Promise.all(Array.from({ length: 10 }, async () => [await large.ask(path), await large.ask(path)]))).flat()
  const columns = [0.95, 0.5].map((share) => {
    const [few, many] = [percentile(times.get(small), share), percentile(times.get(large), share)]
    return `${ms(few)}${ms(many)}${ratio(many, few)}`
  })
  console.log(`${name.padEnd(44)}${columns.join('  ')}  ${ms(percentile(ten))}`)
}
for (const store of stores) await store.close()
