import { openDatabase, sql } from '@ruadar/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { type PgBouncer, startPgBouncer } from '../harness/pgbouncer.ts'
import { createDatabase } from '../harness/postgres.ts'
import { runRuadar, type Running, startNode } from '../harness/process.ts'
import { randomMails } from '../harness/reports.ts'

/** Patience, not a measure. */
const patience = { timeout: 60_000, interval: 50 }
const { mails, truth } = randomMails(60, 'pooler')

let dovecot: Dovecot
let pooler: PgBouncer | undefined
let made: Awaited<ReturnType<typeof createDatabase>>
const running: Running[] = []

beforeAll(async () => {
  dovecot = await startDovecot({ users: [{ name: 'pooled', password: 'secret' }] })
  for (const mail of mails) dovecot.addMail('pooled', 'INBOX', mail)
  made = await createDatabase()
})
afterAll(async () => {
  await Promise.all(running.map((process) => process.end('SIGKILL')))
  await pooler?.stop()
  await made.drop()
  await dovecot.stop()
})

test('works through PgBouncer with transaction pooling, given a direct way for what needs a session', async () => {
  const database = await openDatabase(made.url, { name: 'test' })
  const name = new URL(made.url).pathname.slice(1)
  try {
    const setZone = (zone: string) => sql`alter database ${sql.id(name)} set timezone to ${sql.lit(zone)}`.execute(database.db)
    await setZone('Europe/Berlin')
    pooler = await startPgBouncer(made.url)
    const refused = await runRuadar(['migrate'], { DATABASE_URL: pooler.urlOf(made.url), RUADAR_DATABASE_DIRECT_URL: made.url })
    expect(refused.output).toContain('count days in Europe/Berlin, not in UTC')
    expect(refused.code).toBe(1)
    await pooler.stop() // it goes on telling clients what the server said first
    await setZone('UTC')
    pooler = await startPgBouncer(made.url)

    const env = { DATABASE_URL: pooler.urlOf(made.url), RUADAR_DATABASE_DIRECT_URL: made.url }

    const ingestEnv = {
      ...env,
      RUADAR_IMAP_URL: `imaps://pooled:secret@127.0.0.1:${dovecot.ports.tls}/INBOX`,
      NODE_EXTRA_CA_CERTS: dovecot.caFile,
    }
    const worker = startNode('services/ingest/dist/main.js', [], ingestEnv)
    const api = startNode('services/api/dist/main.js', [], { ...env, RUADAR_PORT: '0' })
    running.push(worker, api)
    const [, url = ''] = await api.waitFor(/API runs at (\S+)\n/)
    const created = await runRuadar(['token', 'create', '--name', 'test'], env)
    const headers = { authorization: `Bearer ${created.stdout.trim()}` }
    const ask = async () => (await fetch(`${url}/api/v1/summary?from=2026-01-01&to=2026-02-01`, { headers })).json()
    await expect.poll(ask, patience).toMatchObject(truth)
    const { rows } = await sql<{ lease: boolean }>`
      select application_name like 'ruadar mailboxes%' as lease from pg_stat_activity
      join pg_locks using (pid) where locktype = 'advisory' and objsubid = 2 and datname = current_database()`.execute(database.db)
    expect(rows).toEqual([{ lease: true }])
    expect(await Promise.all(running.splice(0).map((process) => process.end('SIGTERM')))).toEqual([0, 0])
  } finally {
    await database.close()
  }
})
