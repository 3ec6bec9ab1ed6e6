import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { type Database, migrate, openDatabase, sql } from '@ruadar/platform'
import { startDovecot, freePort } from '../tests/harness/dovecot.ts'
import { type Running, startNode } from '../tests/harness/process.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { startRedis } from '../tests/harness/redis.ts'
import { randomMails, type Truth } from '../tests/harness/reports.ts'
import { serverTime, timeOfChildren } from './processes.ts'

/**
 * What more ingest workers bring: 1, 2 and 4 processes with one reader thread each, over one Dovecot, one PostgreSQL and one Redis, with
 * the mails in four mailboxes and in one. All workers watch, and have read some mails, before those that are measured are delivered:
 * neither start nor warming up counts. `npm run bench:scale -- [--mails N] [--warm N] [--readers N]`
 */
const { values } = parseArgs({ options: { mails: { type: 'string' }, warm: { type: 'string' }, readers: { type: 'string' } } })
const count = Number(values.mails ?? 8000)
/** Mails that each worker reads first: a thread needs some 1,000 until it is compiled. */
const warm = Number(values.warm ?? 1000)
const readers = values.readers ?? '1'
const cases = [4, 1].flatMap((mailboxes) => [1, 2, 4].map((workers) => ({ mailboxes, workers })))

const measured = randomMails(count, 'scale out')
const userOf = (at: number, mailbox: number) => `case${at}box${mailbox}`
const dovecot = await startDovecot({
  users: cases.flatMap(({ mailboxes }, at) =>
    Array.from({ length: mailboxes }, (_, mailbox) => ({ name: userOf(at, mailbox), password: 'secret' })),
  ),
})
const dataDir = makeDataDir()
const server = await startEmbeddedPostgres(dataDir)
const redis = await startRedis()
const folder = mkdtempSync(join(tmpdir(), 'ruadar-scale-'))
const alone = new Map<number, number>()

for (const [at, { mailboxes, workers }] of cases.entries()) {
  const database = await openDatabase(server.url, { name: 'bench' })
  await sql`drop schema if exists public cascade`.execute(database.db)
  await sql`create schema public`.execute(database.db)
  await migrate(database)
  await redis.flush()
  const ports = await Promise.all(Array.from({ length: workers }, freePort))
  const running = ports.map((port) => startWorker(at, mailboxes, port))
  await untilShared(database, mailboxes, Math.min(workers, mailboxes), running)

  const deliver = (mails: readonly Buffer[]) =>
    mails.forEach((mail, index) => void dovecot.addMail(userOf(at, index % mailboxes), 'INBOX', mail))
  const first = randomMails(warm * workers, `warming up ${at}`)
  deliver(first.mails)
  await untilImported(database, warm * workers)
  const readBefore = await Promise.all(ports.map(mailsRead))
  const before = processorTime()
  const since = performance.now()
  deliver(measured.mails)
  const delivered = (performance.now() - since) / 1000
  await untilImported(database, warm * workers + count)
  const seconds = (performance.now() - since) / 1000
  const used = processorTime()
  const rate = count / seconds
  if (workers === 1) alone.set(mailboxes, rate)
  const perMail = [...used].map(([name, time]) => `${name} ${(((time - (before.get(name) ?? 0)) * 1000) / count).toFixed(2)}`)
  const shares = (await Promise.all(ports.map(mailsRead))).map((read, worker) => read - (readBefore[worker] ?? 0))
  console.log(
    `${workers} workers, ${mailboxes === 1 ? '1 mailbox' : `${mailboxes} mailboxes`}: ${count} mails in ${seconds.toFixed(1)} s, ` +
      `${Math.round(rate)} mails/s, ${(rate / (alone.get(mailboxes) ?? rate)).toFixed(2)} of one worker (delivered in ${delivered.toFixed(1)} s); ` +
      `ms of processor a mail: ${perMail.join(', ')}; read by each: ${shares.join(', ')}; totals ${await compare(database, [first.truth, measured.truth])}`,
  )
  await Promise.all(running.map((worker) => worker.end('SIGTERM')))
  await database.close()
}
await redis.stop()
await server.stop()
await dovecot.stop()
rmSync(folder, { recursive: true })
rmSync(dataDir, { recursive: true })

function startWorker(at: number, mailboxes: number, port: number): Running {
  const config = join(folder, `case${at}.yaml`)
  const boxes = Array.from({ length: mailboxes }, (_, mailbox) => {
    const user = userOf(at, mailbox)
    return { name: user, host: '127.0.0.1', port: dovecot.ports.tls, user, password: 'secret' }
  })
  writeFileSync(config, JSON.stringify({ mailboxes: boxes })) // JSON is YAML
  return startNode('services/ingest/dist/main.js', [], {
    DATABASE_URL: server.url,
    REDIS_URL: redis.url,
    RUADAR_CONFIG: config,
    RUADAR_READERS: readers,
    RUADAR_METRICS: 'open',
    RUADAR_METRICS_PORT: String(port),
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
  })
}

/** Waits until all mailboxes are watched, by as many processes as there are mailboxes for. */
async function untilShared(database: Database, mailboxes: number, holders: number, running: readonly Running[]): Promise<void> {
  await Promise.all(running.map((worker) => worker.waitFor(/ingest runs/)))
  for (;;) {
    const { rows } = await sql<{ watching: number; holders: number }>`
      select (select count(*) from mailboxes where status = 'watching') as watching,
        (select count(distinct pid) from pg_locks where locktype = 'advisory' and objsubid = 2) as holders`.execute(database.db)
    if (rows[0]?.watching === mailboxes && rows[0].holders >= holders) return
    await sleep(100)
  }
}

async function untilImported(database: Database, mails: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails where state = 'imported'`.execute(database.db)
    if (rows[0]?.mails === mails) return
    await sleep(50)
  }
}

/** Seconds by kind of process. Ended connections of PostgreSQL count; workers that have ended do not. */
function processorTime(): Map<string, number> {
  const times = timeOfChildren((_, program) => {
    if (program === 'redis-server') return 'redis'
    return program === 'dovecot' ? 'dovecot' : program.startsWith('node') || program === 'MainThread' ? 'workers' : undefined
  })
  return times.set('postgres', serverTime(dataDir))
}

async function mailsRead(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return [...text.matchAll(/^ruadar_mails_read_total\{.*\} (\d+)$/gm)].reduce((sum, [, mails]) => sum + Number(mails), 0)
}

async function compare(database: Database, truths: readonly Truth[]): Promise<string> {
  const total = (of: (truth: Truth) => number) => truths.reduce((sum, truth) => sum + of(truth), 0)
  const { rows } = await sql<{ reports: number; messages: number; passed: number; fetched: number }>`
    select count(*) as reports, sum(messages)::bigint as messages, sum(dmarc_pass)::bigint as passed,
      (select sum(fetched)::bigint from mailbox_folders) as fetched
    from reports where state = 'counted'`.execute(database.db)
  const [found] = rows
  const reports = total((truth) => truth.reports)
  const truth = { reports, messages: total(({ messages }) => messages), passed: total(({ dmarcPass }) => dmarcPass), fetched: reports }
  return isDeepStrictEqual({ ...found }, truth) ? 'exact' : `WRONG: ${JSON.stringify({ found, truth })}`
}
