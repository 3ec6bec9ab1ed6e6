import { createLog, type Database, loadSettings, type Log, openDatabase, openQueue, type MailQueue } from '@ruadar/platform'
import { type ReplicatedPostgres, startReplicatedPostgres } from '@ruadar/tests/harness/replicated-postgres'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { storeReport } from '../../testing/reports.ts'
import { buildApp } from '../app.ts'
import type { App } from '../context.ts'
import { createToken } from '../index.ts'

let servers: ReplicatedPostgres
let database: Database
let queue: MailQueue
let log: Log
let app: App
let headers: { authorization: string }

beforeAll(async () => {
  servers = await startReplicatedPostgres()
  database = await openDatabase(servers.primaryUrl, { name: 'test' })
  const settings = loadSettings({ RUADAR_READ_DATABASE_URL: servers.replicaUrl, RUADAR_DNS: 'off' })
  queue = await openQueue(settings, database)
  log = createLog({ logLevel: 'silent' }, 'test')
  app = await buildApp({ settings, database, queue, log, now: () => new Date('2026-03-31T12:00:00Z'), replicaRetryMs: 100 })
  headers = { authorization: `Bearer ${(await createToken(database.db, 'test')).token}` }
})
afterAll(async () => {
  await app?.close()
  await queue?.close()
  await database?.close()
  await servers?.stop()
})

const store = (count: number) => storeReport(database, { day: '2026-03-15', rows: [{ count }] })
async function messages(cookie = ''): Promise<number> {
  const answer = await app.inject({ url: '/api/v1/summary?from=2026-03-01&to=2026-04-01', headers: { ...headers, cookie } })
  expect(answer.statusCode).toBe(200)
  return answer.json<{ messages: number }>().messages
}

it('asks the replica for numbers, the primary for whoever has just changed something, and the primary while the replica is away', async () => {
  const { id } = await store(5)
  await expect.poll(() => messages(), { timeout: 20_000 }).toBe(5)

  const { pool: replica, close } = await openDatabase(servers.replicaUrl, { name: 'test' })
  await replica.query('select pg_wal_replay_pause()')
  await expect
    .poll(async () => (await replica.query('select pg_get_wal_replay_pause_state() as state')).rows)
    .toEqual([{ state: 'paused' }])
  await store(7)
  expect(await messages()).toBe(5) // what a paused replica knows: it was asked
  const changed = await app.inject({ method: 'POST', url: `/api/v1/reports/${id}/count`, headers })
  expect(changed.statusCode).toBe(200)
  const wrote = changed.cookies.find(({ name }) => name === 'ruadar_wrote')
  expect(wrote).toMatchObject({ value: '1', path: '/api', maxAge: 10, httpOnly: true })
  expect(await messages('ruadar_wrote=1')).toBe(12)
  await close()

  const warn = vi.spyOn(log, 'warn')
  const info = vi.spyOn(log, 'info')
  await servers.stopReplica()
  expect(await Promise.all([messages(), messages(), messages()])).toEqual([12, 12, 12])
  expect(await messages()).toBe(12)
  expect(warn.mock.calls.map(([, text]) => text)).toEqual(['The read replica is away; the primary answers meanwhile'])

  await servers.startReplica()
  await store(1)
  await expect
    .poll(async () => [await messages(), ...info.mock.calls.map(([text]) => text)], { timeout: 20_000 })
    .toEqual([13, 'The read replica answers again'])
})
