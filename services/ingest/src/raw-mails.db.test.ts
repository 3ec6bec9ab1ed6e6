import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { loadSettings, type MailQueue, type ObjectStore, ObjectStoreError, openObjectStore, openQueue, sql } from '@ruadar/platform'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ingestAll, quietLog, readWaiting, untilNoneWaits } from '../../../tests/harness/ingest.ts'
import { failureMail, failureReport } from '../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { randomMails, testMail } from '../../../tests/harness/reports.ts'
import { type S3Server, startS3Server } from '../../../tests/harness/s3-server.ts'
import { createIntake, type Intake } from './intake.ts'
import { openRawMails } from './raw-mails.ts'
import { readAgain } from './read-again.ts'
import { openReportXml } from './report-xml.ts'
import { removeSpareObjects } from './spare-objects.ts'
import { startQueueWorker } from './start.ts'

const database = useDatabase()
let s3: S3Server
let objects: ObjectStore
let queue: MailQueue
let intake: Intake

beforeAll(async () => {
  s3 = await startS3Server()
  const store = openRawMails(loadSettings(s3.env))
  if (!store) throw new Error('no store')
  objects = store
  queue = await openQueue({ redisUrl: null }, database())
  intake = createIntake({ database: database(), queue, log: quietLog, objects })
})
afterAll(async () => {
  await queue.close()
  await s3.remove()
})
beforeEach(async () => {
  await sql`truncate mails, spare_objects cascade`.execute(database().db)
})

const read = () => readWaiting(database(), queue, s3.env)
async function mails(): Promise<{ state: string; starts: number; inside: boolean; outside: boolean }[]> {
  const { rows } = await sql<{ state: string; starts: number; inside: boolean; outside: boolean }>`
    select state, starts, raw is not null as inside, raw_object is not null as outside from mails order by id`.execute(database().db)
  return rows
}
const spare = async () => (await sql`select 1 from spare_objects`.execute(database().db)).rows.length
const clean = () => removeSpareObjects(database(), objects, { grace: 0 })

test('reads reports from object storage, opens their XML there, and reads them again', async () => {
  const { mails: raws, truth } = randomMails(30, 'objects')
  const large = testMail({ reportId: 'large', records: Array.from({ length: 4000 }, (_, count) => ({ count: count + 1 })) }, 'plain')
  const stored = await intake([...raws, large].map((raw) => ({ raw, origin: 'upload' as const })))
  expect(await mails()).toEqual(stored.map(() => ({ state: 'stored', starts: 0, inside: false, outside: true })))
  expect(await spare()).toBe(0)
  await read()
  const total = truth.messages + (4000 * 4001) / 2
  const messages = async () =>
    (await sql<{ messages: number }>`select sum(messages)::bigint as messages from reports where state = 'counted'`.execute(database().db))
      .rows
  expect(await messages()).toEqual([{ messages: total }])
  const { rows } = await sql<{ id: number }>`select id from reports where report_id = 'large'`.execute(database().db)
  const xml = await openReportXml(database().db, rows[0]?.id ?? 0, objects)
  expect(xml && (await text(Readable.from(xml)))).toContain('<count>4000</count>')

  expect(await readAgain({ database: database(), queue }, {})).toBe(31)
  await read()
  expect(await messages()).toEqual([{ messages: total }])
  expect(await clean()).toBe(0)
  expect(s3.keys()).toHaveLength(31)
})

test('writes bytes before the row, and removes those whose row was never committed or is gone', async () => {
  const raw = Buffer.from('a mail whose transaction fails')
  const kept = s3.keys().length
  const failing = intake([{ raw, origin: 'import' }], async (trx) => {
    expect(s3.keys()).toHaveLength(kept + 1)
    await sql`select 1 / 0`.execute(trx)
  })
  await expect(failing).rejects.toThrow('division by zero')
  expect([await mails(), await spare()]).toEqual([[], 1])
  expect(await removeSpareObjects(database(), objects)).toBe(0) // too fresh: its row may be on the way
  await intake([{ raw, origin: 'import' }])
  expect([(await mails()).length, await clean()]).toEqual([1, 0])

  await intake([{ raw, origin: 'import' }]) // the same bytes once more: nothing is written
  expect(await spare()).toBe(0)
  await sql`delete from mails`.execute(database().db)
  expect(await clean()).toBe(1)
  expect([s3.keys().length, await spare()]).toEqual([kept, 0])
})

test('keeps no body of other people in object storage, once it is reduced', async () => {
  const before = new Set(s3.keys())
  await intake([
    {
      raw: failureMail({ original: { ...failureReport().original, body: 'the body that nobody else shall read' } }),
      origin: 'import',
    },
  ])
  await read()
  expect(await mails()).toEqual([{ state: 'imported', starts: 1, inside: false, outside: true }])
  expect(await clean()).toBe(1)
  const added = s3.keys().filter((key) => !before.has(key))
  expect(added).toHaveLength(1)
  const bytes = await objects.get(Buffer.from(added[0] ?? '', 'hex'))
  expect(bytes?.toString()).not.toContain('the body that nobody else shall read')
})

test('takes no mail while the storage is away, leaves those that wait unread, and counts no start', async () => {
  const raw = testMail({ reportId: 'away', records: [{}] })
  await intake([{ raw, origin: 'import' }])
  await s3.stop()
  await expect(intake([{ raw: Buffer.from('another mail'), origin: 'import' }])).rejects.toThrow(ObjectStoreError)
  const settings = loadSettings({ ...s3.env, RUADAR_READERS: '1', RUADAR_DNS: 'off' })
  let started = false
  const work: MailQueue['work'] = (handler, options) => {
    const told = async (ids: readonly number[]) => handler(ids).finally(() => (started = true))
    return queue.work(told, options)
  }
  const worker = await startQueueWorker({ settings, database: database(), queue: { ...queue, work }, log: quietLog })
  try {
    await expect.poll(() => started, { timeout: 20_000 }).toBe(true)
    await expect.poll(mails, { timeout: 20_000 }).toMatchObject([{ state: 'stored', starts: 0 }])
    await s3.start()
    await untilNoneWaits(database())
    expect(await mails()).toMatchObject([{ state: 'imported', starts: 1 }])
  } finally {
    await worker.close()
  }
})

test('quarantines a mail whose object is gone', async () => {
  await intake([{ raw: testMail({ reportId: 'gone', records: [{}] }), origin: 'import' }])
  const { rows } = await sql<{ object: Buffer }>`select raw_object as object from mails`.execute(database().db)
  await objects.remove(rows[0]?.object ?? Buffer.alloc(0))
  await read()
  const found = await sql`select state, code from mails join mail_outcomes on mail_id = mails.id`.execute(database().db)
  expect(found.rows).toEqual([{ state: 'quarantined', code: 'raw_missing' }])
})

test('finds mails of the database beside those of object storage', async () => {
  await ingestAll(database(), [testMail({ reportId: 'inside', records: [{}] })])
  await intake([{ raw: testMail({ reportId: 'outside', records: [{}] }), origin: 'import' }])
  await read()
  expect(await mails()).toMatchObject([
    { state: 'imported', inside: true, outside: false },
    { state: 'imported', inside: false, outside: true },
  ])
})

test('tells a bucket that is missing, and a key that is wrong, from a mail that is gone', async () => {
  const settings = loadSettings(s3.env).rawMail
  if (!settings) throw new Error('no settings')
  const key = Buffer.alloc(32, 1)
  expect(await objects.get(key)).toBeNull()
  await expect(openObjectStore({ ...settings, bucket: 'nowhere' }).get(key)).rejects.toThrow('refuses to read from nowhere (404)')
  await expect(openObjectStore({ ...settings, accessKey: 'wrong' }).put(key)).rejects.toThrow('refuses to write to mails (403)')
})
