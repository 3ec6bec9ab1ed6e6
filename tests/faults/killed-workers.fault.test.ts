import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase, sql } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { readTotals, untilNoneWaits } from '../harness/ingest.ts'
import { createDatabase } from '../harness/postgres.ts'
import { runRuadar, type Running, startNode } from '../harness/process.ts'
import { type RedisServer, startRedis } from '../harness/redis.ts'
import { randomMails, testMail } from '../harness/reports.ts'
import { fault, measure } from './fault.ts'

const mailCount = measure(200, 1000)
const killCount = measure(3, 10)

const { mails, truth } = randomMails(mailCount, 'main job')
let dovecot: Dovecot
let redis: RedisServer

beforeAll(async () => {
  dovecot = await startDovecot({
    users: [
      { name: 'tls', password: 'secret' },
      { name: 'starttls', password: 'secret' },
    ],
  })
  redis = await startRedis()
  for (const user of ['tls', 'starttls']) for (const mail of mails) dovecot.addMail(user, 'INBOX', mail)
})
afterAll(async () => {
  await redis.stop()
  await dovecot.stop()
})

const cases = [
  { backend: 'postgres', processes: 1, user: 'tls' },
  { backend: 'postgres', processes: 3, user: 'starttls' },
  { backend: 'redis', processes: 1, user: 'starttls' },
  { backend: 'redis', processes: 3, user: 'tls' },
] as const

describe.each(cases)('mailbox to sums over $user, queue on $backend, $processes ingest', ({ backend, processes, user }) => {
  let database: Database
  let drop: () => Promise<void>
  let env: Record<string, string>
  let running: Running[] = []
  const startIngest = () => startNode('services/ingest/dist/main.js', [], env)

  beforeAll(async () => {
    const made = await createDatabase()
    drop = made.drop
    database = await openDatabase(made.url, { name: 'test' })
    await redis.flush()
    const addresses = {
      tls: `imaps://tls:secret@127.0.0.1:${dovecot.ports.tls}/INBOX`,
      starttls: `imap+starttls://starttls:secret@127.0.0.1:${dovecot.ports.plain}/INBOX`,
    }
    env = {
      DATABASE_URL: made.url,
      RUADAR_IMAP_URL: addresses[user],
      NODE_EXTRA_CA_CERTS: dovecot.caFile,
      ...(backend === 'redis' ? { REDIS_URL: redis.url } : {}),
    }
  })
  afterAll(async () => {
    await Promise.all(running.map((process) => process.end('SIGKILL')))
    await database.close()
    await drop()
  })

  fault('kill -9 of ingest processes at random moments', async () => {
    const random = new SeededRandom('kills', backend, processes)
    // A moment is a share of the work: mails fetched and mails read, each counting one.
    const moments = Array.from({ length: killCount }, () => random.next() * 2 * mailCount).sort((a, b) => a - b)
    running = Array.from({ length: processes }, startIngest)
    for (const moment of moments) {
      while ((await progress(database)) < moment) await sleep(5)
      const victim = random.between(0, processes - 1)
      await running[victim]?.end('SIGKILL')
      running[victim] = startIngest()
    }
    return { injected: killCount, database, truth }
  })

  it('finds nothing new when it starts again, and a new mail at once', async () => {
    for (const process of running) {
      await process.waitFor(/ingest runs/) // the others may have done all the work while the last one was still starting
      expect(await process.end('SIGTERM')).toBe(0)
    }
    const since = new Date()
    running = [startIngest()]
    await untilSynced(database, since)
    expect(await readTotals(database)).toEqual({ sums: truth, rows: truth })

    const added = dovecot.addMail(user, 'INBOX', testMail({ reportId: `new ${backend} ${processes}`, records: [{ count: 11 }] }))
    await untilFetched(database, mailCount + 1)
    await untilNoneWaits(database)
    expect((await readTotals(database)).sums.messages).toBe(truth.messages + 11)
    rmSync(join(dovecot.maildir(user), 'new', added)) // another case reads this mailbox too
  })

  it('answers the sums over the API, and has left the mailbox as it was', async () => {
    const api = startNode('services/api/dist/main.js', [], { ...env, RUADAR_PORT: '0' })
    running.push(api)
    const [, url = ''] = await api.waitFor(/API runs at (\S+)\n/)
    const created = await runRuadar(['token', 'create', '--name', 'test'], env)
    const token = created.stdout.trim()
    const answer = await fetch(`${url}/api/v1/summary?from=2026-01-01&to=2026-02-01`, { headers: { authorization: `Bearer ${token}` } })
    expect(await answer.json()).toMatchObject({
      messages: truth.messages + 11,
      dmarcPass: truth.dmarcPass + 11,
      dmarcFail: truth.messages - truth.dmarcPass,
      reports: truth.reports + 1,
    })
    expect(await api.end('SIGTERM')).toBe(0)
    const inbox = dovecot.maildir(user)
    // Opened for reading only, a mail stays in new/ and gets no flag.
    expect(readdirSync(join(inbox, 'cur'))).toEqual([])
    expect(readdirSync(join(inbox, 'new'))).toHaveLength(mailCount)
  })
})

async function progress(database: Database): Promise<number> {
  const { rows } = await sql<{ done: number }>`
    select count(*) + count(*) filter (where state <> 'stored') as done from mails`.execute(database.db)
  return rows[0]?.done ?? 0
}

async function untilFetched(database: Database, count: number): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails`.execute(database.db)
    if ((rows[0]?.mails ?? 0) >= count) return
    await sleep(20)
  }
}

async function untilSynced(database: Database, since: Date): Promise<void> {
  for (;;) {
    const { rows } = await sql`select 1 from mailbox_folders where synced_at > ${since}`.execute(database.db)
    if (rows.length > 0) return
    await sleep(20)
  }
}
