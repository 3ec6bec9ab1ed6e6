import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase, sql } from '@ruadar/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { createDatabase } from '../harness/postgres.ts'
import { type Running, startNode } from '../harness/process.ts'
import { type RedisServer, startRedis } from '../harness/redis.ts'
import { randomMails, type Truth } from '../harness/reports.ts'

const users = ['north', 'east', 'south', 'west']
const perMailbox = 30
/** Patience, not a measure. */
const patience = { timeout: 60_000, interval: 50 }

let folder: string
let dovecot: Dovecot
let redis: RedisServer
let database: Database
let drop: () => Promise<void>
const workers: Running[] = []
const truth: Truth = { messages: 0, dmarcPass: 0, reports: 0 }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ruadar-workers-'))
  dovecot = await startDovecot({ users: users.map((name) => ({ name, password: 'secret' })) })
  redis = await startRedis()
  const made = await createDatabase()
  drop = made.drop
  database = await openDatabase(made.url, { name: 'test' })
  const mailboxes = users.map((user) => ({
    ...{ name: user, host: '127.0.0.1', port: dovecot.ports.tls, user, password: 'secret', after: 'move', move_to: 'Done' },
  }))
  writeFileSync(join(folder, 'ruadar.yaml'), JSON.stringify({ mailboxes }))
  deliver('before')
  const env = {
    DATABASE_URL: made.url,
    REDIS_URL: redis.url,
    RUADAR_CONFIG: join(folder, 'ruadar.yaml'),
    RUADAR_LEASE_SECONDS: '2',
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
  }
  for (let worker = 0; worker < 3; worker++) workers.push(startNode('services/ingest/dist/main.js', [], env))
})
afterAll(async () => {
  for (const { child } of workers) child.kill('SIGCONT')
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')))
  await database.close()
  await drop()
  await redis.stop()
  await dovecot.stop()
  rmSync(folder, { recursive: true })
})

/** Puts new mails into every mailbox. */
function deliver(seed: string): void {
  for (const user of users) {
    const { mails, truth: added } = randomMails(perMailbox, `${seed} ${user}`)
    for (const mail of mails) dovecot.addMail(user, 'INBOX', mail)
    truth.messages += added.messages
    truth.dmarcPass += added.dmarcPass
    truth.reports += added.reports
  }
}

/** How many mailboxes each living process holds, fewest first. */
async function shares(): Promise<number[]> {
  const { rows } = await sql<{ mailboxes: number }>`
    select count(l.objid) as mailboxes from pg_stat_activity a
    left join pg_locks l on l.pid = a.pid and l.locktype = 'advisory' and l.objsubid = 2 and l.granted
    where a.datname = current_database() and a.application_name like 'ruadar mailboxes %' group by a.pid`.execute(database.db)
  return rows.map(({ mailboxes }) => mailboxes).sort((a, b) => a - b)
}

async function untilExact(): Promise<void> {
  const read = () =>
    sql`
    select (select count(*) from mails) as mails, (select count(*) from mails where state = 'imported') as imported,
      (select coalesce(sum(fetched), 0)::bigint from mailbox_folders) as fetched,
      count(*) as reports, coalesce(sum(messages), 0)::bigint as messages, coalesce(sum(dmarc_pass), 0)::bigint as "dmarcPass"
    from reports where state = 'counted'`.execute(database.db)
  const { reports } = truth
  await expect.poll(async () => (await read()).rows[0], patience).toEqual({ ...truth, mails: reports, imported: reports, fetched: reports })
}

test('shares mailboxes out, takes over from a killed and from a stopped process, and counts every mail once', async () => {
  const [killed, stopped, left] = workers
  if (!killed || !stopped || !left) throw new Error('three workers were to be started')
  await expect.poll(shares, patience).toEqual([1, 1, 2])
  await untilExact()

  deliver('killed')
  await killed.end('SIGKILL')
  await expect.poll(shares, patience).toEqual([2, 2])
  await untilExact()

  deliver('stopped')
  stopped.child.kill('SIGSTOP')
  await expect.poll(shares, patience).toEqual([4])
  deliver('while it is stopped')
  stopped.child.kill('SIGCONT')
  await expect.poll(shares, patience).toEqual([2, 2])
  deliver('afterwards')
  await untilExact()
  for (const user of users) {
    const inFolder = (name: string, part: string) => readdirSync(join(dovecot.maildir(user, name), part)).length
    await expect.poll(() => inFolder('INBOX', 'new') + inFolder('INBOX', 'cur'), patience).toBe(0)
    expect(inFolder('Done', 'new') + inFolder('Done', 'cur')).toBe(5 * perMailbox)
  }
  expect(await left.end('SIGTERM')).toBe(0)
  expect(await stopped.end('SIGTERM')).toBe(0)
})
