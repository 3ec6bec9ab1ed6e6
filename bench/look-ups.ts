import { startEmbeddedPostgres } from '@ruadar/embedded'
import { migrate, openDatabase, sql } from '@ruadar/platform'
import { setTimeout as sleep } from 'node:timers/promises'
import { startDnsServer } from '../tests/harness/dns-server.ts'
import { startDovecot } from '../tests/harness/dovecot.ts'
import { startNode } from '../tests/harness/process.ts'
import { makeDataDir } from '../tests/harness/product.ts'
import { smallMails } from './small-mails.ts'

/**
 * Whether look-ups slow down ingest: from a mailbox in Dovecot to committed rows with one ingest process, without look-ups, with a name
 * server that answers after 5 s, and with one that never answers. Prints each rate as a share of the first. Run it on a quiet machine:
 * `npx tsx --conditions=source bench/look-ups.ts [mails] [rounds]`.
 */
const count = Number(process.argv[2] ?? 3000)
const rounds = Number(process.argv[3] ?? 3)
/** Addresses that wait for a look-up from the start: during a backlog ingest adds none. */
const dueAddresses = 50_000

type Manner = 'off' | 'after 5 s' | 'never'

async function main(): Promise<void> {
  const dovecot = await startDovecot({ users: [{ name: 'bench', password: 'secret' }] })
  let messages = 0
  for (const small of smallMails(count)) {
    dovecot.addMail('bench', 'INBOX', small.mail)
    messages += small.messages
  }
  const server = await startEmbeddedPostgres(makeDataDir())
  const dns = await startDnsServer()
  const rates: Record<Manner, number[]> = { off: [], 'after 5 s': [], never: [] }
  for (let round = 0; round < rounds; round++) {
    for (const manner of ['off', 'after 5 s', 'never'] as const) {
      dns.manner = manner === 'never' ? { kind: 'silent' } : { kind: 'late', ms: 5000 }
      rates[manner].push(await measure(server.url, dovecot, manner === 'off' ? 'off' : dns.address, messages))
    }
  }
  const best = (manner: Manner) => Math.max(...rates[manner])
  for (const manner of ['off', 'after 5 s', 'never'] as const) {
    const all = rates[manner].map((rate) => Math.round(rate)).join(', ')
    console.log(
      `name server answers ${manner}: best ${Math.round(best(manner))} mails/s (${all}), ${(best(manner) / best('off')).toFixed(2)} of off`,
    )
  }
  console.log(`questions asked: ${dns.asked.length}`)
  await dns.close()
  await server.stop()
  await dovecot.stop()
}

async function measure(url: string, dovecot: Awaited<ReturnType<typeof startDovecot>>, dns: string, messages: number): Promise<number> {
  const database = await openDatabase(url, { name: 'bench' })
  await sql`drop schema if exists public cascade`.execute(database.db)
  await sql`drop schema if exists bullmq cascade`.execute(database.db)
  await sql`create schema public`.execute(database.db)
  await migrate(database)
  await sql`insert into source_hosts (source_ip) select '2001:db8::'::inet + n from generate_series(1, ${dueAddresses}::int) n`.execute(
    database.db,
  )
  const ingest = startNode('services/ingest/dist/main.js', [], {
    DATABASE_URL: url,
    RUADAR_DNS: dns,
    RUADAR_IMAP_URL: `imaps://bench:secret@127.0.0.1:${dovecot.ports.tls}/INBOX`,
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
  })
  let since: number | undefined
  let done = 0
  while (done < count) {
    const { rows } = await sql<{ mails: number; done: number }>`
      select count(*) as mails, count(*) filter (where state = 'imported') as done from mails`.execute(database.db)
    if ((rows[0]?.mails ?? 0) > 0) since ??= performance.now()
    done = rows[0]?.done ?? 0
    await sleep(50)
  }
  const seconds = (performance.now() - (since ?? 0)) / 1000
  await ingest.end('SIGTERM')
  const { rows } = await sql<{ messages: number }>`select sum(messages)::bigint as messages from daily_totals`.execute(database.db)
  if (rows[0]?.messages !== messages) throw new Error(`totals are wrong: ${rows[0]?.messages} instead of ${messages}`)
  await database.close()
  return count / seconds
}

void main()
