import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase, sql } from '@ruadar/platform'
import { expect } from 'vitest'
import { type Dovecot, freePort, startDovecot } from '../harness/dovecot.ts'
import type { OwnPostgres } from '../harness/own-postgres.ts'
import { runRuadar, type Running, startNode } from '../harness/process.ts'
import { type RedisServer, startRedis } from '../harness/redis.ts'
import { randomMails, type Truth } from '../harness/reports.ts'
import { startUploads, type Uploads } from './uploads.ts'

/** The scaled mode as an operator runs it: a PostgreSQL and a Redis of its own, two ingest workers, an API, a mailbox and somebody who uploads. */
export interface SharedHouse<Server extends SharedServer = OwnPostgres> {
  database: Database
  postgres: Server
  redis: RedisServer
  workers: readonly Running[]
  api(): Running
  uploads: Uploads
  /** Of everything that was delivered so far. */
  truth: Truth
  /** Puts so many new mails into the mailbox, a quarter more into the hands of who uploads, and waits until a share of them is stored. */
  deliver(count: number, seed: string): Promise<void>
  /** Puts so many new mails into the hands of who uploads. */
  upload(count: number): void
  /** Ends the API without a word, and starts it again on its port. */
  killApi(): Promise<void>
  apiUrl: string
  /** As an operator stops it; every process has to end well, and none may be left. */
  stop(): Promise<void>
  /** Whatever happened. */
  remove(): Promise<void>
}

/** What a house needs to know of its PostgreSQL. */
interface SharedServer {
  url: string
  stop(): Promise<void>
}

/** `startServer`: of a PostgreSQL with a migrated database. */
export async function startSharedHouse<Server extends SharedServer>(
  backend: 'postgres' | 'redis',
  startServer: () => Promise<Server>,
): Promise<SharedHouse<Server>> {
  const user = 'reports'
  const [dovecot, postgres, redis] = await Promise.all([
    startDovecot({ users: [{ name: user, password: 'secret' }] }),
    startServer(),
    startRedis(),
  ])
  const database = await openDatabase(postgres.url, { name: 'witness' })
  const env = {
    DATABASE_URL: postgres.url,
    RUADAR_IMAP_URL: `imaps://${user}:secret@${dovecot.host}:${dovecot.ports.tls}/INBOX`,
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
    RUADAR_LEASE_SECONDS: '3', // who lost the mailbox takes it up again after a third of it
    ...(backend === 'redis' ? { REDIS_URL: redis.url } : {}),
  }
  const port = await freePort()
  const apiUrl = `http://127.0.0.1:${port}`
  const processes: Running[] = []
  const start = (file: string, more: Record<string, string> = {}) => {
    const running = startNode(file, [], { ...env, ...more })
    processes.push(running)
    return running
  }
  const startApi = async () => {
    const running = start('services/api/dist/main.js', { RUADAR_PORT: String(port) })
    await running.waitFor(/API runs at \S+\n(First run.*\n)?/)
    return running
  }
  const workers = [start('services/ingest/dist/main.js'), start('services/ingest/dist/main.js')]
  const [firstApi, { stdout: token }] = await Promise.all([
    startApi(),
    runRuadar(['token', 'create', '--name', 'uploads'], env),
    ...workers.map((worker) => worker.waitFor(/ingest runs/)),
  ])
  const uploads = startUploads(apiUrl, token.trim())
  let api = firstApi
  const truth: Truth = { messages: 0, dmarcPass: 0, reports: 0 }
  return {
    database,
    postgres,
    redis,
    workers,
    api: () => api,
    uploads,
    truth,
    apiUrl,
    upload: (count) => addUploads(truth, uploads, { count, seed: `uploaded after ${truth.reports}` }),
    async killApi() {
      await api.end('SIGKILL')
      api = await startApi()
    },
    async deliver(count, seed) {
      const before = truth.reports
      addMails(dovecot, user, truth, uploads, { count, seed })
      while ((await countStored(database)) < before + count / 4) await sleep(5)
    },
    async stop() {
      await uploads.stop()
      const living = processes.filter(({ child }) => child.exitCode === null && child.signalCode === null)
      expect(await Promise.all(living.map((running) => running.end('SIGTERM')))).toEqual(living.map(() => 0))
    },
    async remove() {
      await uploads.stop()
      await Promise.all(processes.map((running) => running.end('SIGKILL')))
      await database.close()
      await Promise.all([redis.stop(), postgres.stop(), dovecot.stop()])
    },
  }
}

/** New mails of which the mailbox gets most and `uploads` the rest. */
export function addMails(dovecot: Dovecot, user: string, truth: Truth, uploads: Uploads, { count, seed }: Delivery): void {
  const delivered = randomMails(count, `${seed} mailbox`)
  for (const mail of delivered.mails) dovecot.addMail(user, 'INBOX', mail)
  addTruth(truth, delivered.truth)
  addUploads(truth, uploads, { count: Math.ceil(count / 4), seed: `${seed} upload` })
}

interface Delivery {
  count: number
  seed: string
}

function addUploads(truth: Truth, uploads: Uploads, { count, seed }: Delivery): void {
  const uploaded = randomMails(count, seed)
  uploads.add(uploaded.mails)
  addTruth(truth, uploaded.truth)
}

function addTruth(truth: Truth, added: Truth): void {
  truth.messages += added.messages
  truth.dmarcPass += added.dmarcPass
  truth.reports += added.reports
}

export async function countStored(database: Database): Promise<number> {
  const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails`.execute(database.db)
  return rows[0]?.mails ?? 0
}
