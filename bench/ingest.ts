import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres } from '@ruadar/embedded'
import { migrate, openDatabase, sql } from '@ruadar/platform'
import { startDovecot } from '../tests/harness/dovecot.ts'
import { startNode } from '../tests/harness/process.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { startRedis } from '../tests/harness/redis.ts'
import { randomMails } from '../tests/harness/reports.ts'

/**
 * From a mailbox in Dovecot to committed rows, with one ingest process: mails a second on both queue backends, and the
 * memory of the process. Run it on a quiet machine: `npx tsx --conditions=source bench/ingest.ts [mails]`.
 */
const count = Number(process.argv[2] ?? 2000)

async function main(): Promise<void> {
  const { mails, truth } = randomMails(count, 'bench')
  const dovecot = await startDovecot({ users: [{ name: 'bench', password: 'secret' }] })
  for (const mail of mails) dovecot.addMail('bench', 'INBOX', mail)
  const server = await startEmbeddedPostgres(makeDataDir())
  const redis = await startRedis()
  for (const backend of ['postgres', 'redis'] as const) {
    const database = await openDatabase(server.url, { name: 'bench' })
    await sql`drop schema if exists public cascade`.execute(database.db)
    await sql`drop schema if exists bullmq cascade`.execute(database.db)
    await sql`create schema public`.execute(database.db)
    await migrate(database)
    const ingest = startNode('services/ingest/dist/main.js', [], {
      DATABASE_URL: server.url,
      RUADAR_IMAP_URL: `imaps://bench:secret@127.0.0.1:${dovecot.ports.tls}/INBOX`,
      NODE_EXTRA_CA_CERTS: dovecot.caFile,
      ...(backend === 'redis' ? { REDIS_URL: redis.url } : {}),
    })
    let since: number | undefined
    let done = 0
    while (done < count) {
      const { rows } = await sql<{ mails: number; done: number }>`
        select count(*) as mails, count(*) filter (where state = 'imported') as done from mails`.execute(database.db)
      if ((rows[0]?.mails ?? 0) > 0) since ??= Date.now()
      done = rows[0]?.done ?? 0
      await sleep(50)
    }
    const seconds = (Date.now() - (since ?? 0)) / 1000
    const peak = memory(ingest.child.pid, 'VmHWM')
    await sleep(35_000) // idle reader threads have ended by then
    const sums = await sql<{ messages: number }>`select sum(messages)::bigint as messages from daily_totals`.execute(database.db)
    console.log(
      `${backend}: ${count} mails in ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} mails/s; ` +
        `ingest process ${peak} MiB at the peak, ${memory(ingest.child.pid, 'VmRSS')} MiB idle; ` +
        `totals ${sums.rows[0]?.messages === truth.messages ? 'exact' : 'WRONG'}`,
    )
    await ingest.end('SIGTERM')
    await database.close()
  }
  await redis.stop()
  await server.stop()
  await dovecot.stop()
}

/** Resident memory in MiB, from Linux's account of the process. */
function memory(pid: number | undefined, field: 'VmHWM' | 'VmRSS'): number {
  const found = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(found?.[1] ?? 0) / 1024)
}

void main()
