import { parseArgs } from 'node:util'
import { buildApp, createToken } from '@ruadar/api'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { createLog, type Db, loadSettings, migrate, openDatabase, openQueue, sql } from '@ruadar/platform'
import { makeNextSpan } from '../services/ingest/src/store/spans.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { generate, lastDay } from './query-data.ts'

/**
 * How long the API takes for every question of the pages, over a small and a large store: 95th percentile with one client, and with ten;
 * and what a record takes on disk. `npm run bench:query -- [--small N] [--large N] [--rounds N] [--data FOLDER]`: a folder keeps the stores
 * for another run. The large store of 20 million records needs some 15 GB and half an hour.
 */
const { values } = parseArgs({
  options: { small: { type: 'string' }, large: { type: 'string' }, rounds: { type: 'string' }, data: { type: 'string' } },
})
const sizes = [Number(values.small ?? 2_000_000), Number(values.large ?? 20_000_000)].filter((size) => size > 0)
const rounds = Number(values.rounds ?? 20)

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
const questions = scoped.flatMap((path) =>
  path.includes('#')
    ? scopes.map(([scope, part]) => ({
        name: `${path.replace(`?${month}#`, '').replace('&', ' ')} ${scope}`,
        path: path.replace('#', part),
      }))
    : [{ name: path, path }],
)

interface Answered {
  one: number
  ten: number
}

async function measure(size: number): Promise<Map<string, Answered>> {
  const server = await startEmbeddedPostgres(values.data ? `${values.data}/${size}` : makeDataDir())
  const database = await openDatabase(server.url, { name: 'bench', max: 20 })
  await migrate(database)
  const { rows } = await sql<{ records: number }>`select count(*) as records from (select 1 from records limit 1) r`.execute(database.db)
  if (rows[0]?.records === 0) await generate(database.db, size, (step) => console.log(`  ${size}: ${step}`))
  while (await database.db.transaction().execute((trx) => makeNextSpan(trx))); // of a store that was just upgraded
  const settings = loadSettings({ RUADAR_LOG_LEVEL: 'silent', RUADAR_DNS: 'off' })
  const queue = await openQueue(settings, database)
  const log = createLog(settings, 'bench')
  const app = await buildApp({ settings, database, queue, log, now: () => new Date(`${lastDay}T12:00:00Z`) })
  const { token } = await createToken(database.db, `bench ${Date.now()}`)
  const ask = async (path: string) => {
    const since = performance.now()
    const answer = await app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${token}` } })
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`)
    return performance.now() - since
  }
  console.log(`  ${size}: bytes a record on disk, indexes included: ${await bytesPerRecord(database.db)}`)
  const answered = new Map<string, Answered>()
  for (const { name, path } of questions) {
    await ask(path)
    const one: number[] = []
    for (let round = 0; round < rounds; round++) one.push(await ask(path))
    const ten = (await Promise.all(Array.from({ length: 10 }, async () => [await ask(path), await ask(path)]))).flat()
    answered.set(name, { one: percentile(one), ten: percentile(ten) })
  }
  await app.close()
  await queue.close()
  await database.close()
  await server.stop()
  return answered
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

function percentile(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.ceil(sorted.length * 0.95), sorted.length) - 1] ?? 0
}

const results: Map<string, Answered>[] = []
for (const size of sizes) results.push(await measure(size))
const ms = (time: number | undefined) => (time === undefined ? '' : time.toFixed(time < 10 ? 1 : 0).padStart(8))
console.log(`p95 in ms with one client at ${sizes.join(' and ')} records, their ratio; with ten clients at the larger`)
for (const { name } of questions) {
  const [small, large] = [results[0]?.get(name), results.at(-1)?.get(name)]
  const ratio = small && large ? (large.one / small.one).toFixed(1) : ''
  console.log(`${name.padEnd(44)}${ms(small?.one)}${ms(large?.one)}  ${ratio.padStart(5)}${ms(large?.ten)}`)
}
