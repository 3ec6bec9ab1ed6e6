import { createLog, sql } from '@ruadar/platform'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { useDatabase } from '../../../../../tests/harness/postgres.ts'
import { assertHeld, LeaseLost } from './fence.ts'
import { createLeases, type Leases } from './lease.ts'

const database = useDatabase()
const log = createLog({ logLevel: 'silent' }, 'test')
const opened: Leases[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((leases) => leases.close()))
})

beforeAll(async () => {
  await sql`insert into mailboxes (id, definition) overriding system value select id, '{}' from generate_series(1, 9) id`.execute(
    database().db,
  )
})

/** Ends the sessions of all processes, as the server does with those that have said nothing. */
async function endSessions(): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'ruadar mailboxes' and datname = current_database()`.execute(database().db)
}

function open(onLost: () => void = () => undefined): Leases {
  const leases = createLeases(database().url, { log, onLost })
  opened.push(leases)
  return leases
}

test('gives a mailbox to one process at a time', async () => {
  const [one, other] = [open(), open()]
  expect(await one.take(1)).toEqual({ mailboxId: 1, fence: 1 })
  expect(await one.take(1)).toEqual({ mailboxId: 1, fence: 1 })
  expect(await other.take(1)).toBeNull()
  expect(await other.take(2)).toEqual({ mailboxId: 2, fence: 1 })
  await one.free(1)
  expect(await other.take(1)).toEqual({ mailboxId: 1, fence: 2 })
  expect(await one.take(1)).toBeNull()
})

test('frees all mailboxes of a process that ends', async () => {
  const [one, other] = [open(), open()]
  await one.take(3)
  await one.close()
  await expect.poll(() => other.take(3)).not.toBeNull()
})

test('tells when the session was lost, and takes part again', async () => {
  let lost = 0
  const one = open(() => {
    lost++
  })
  await one.take(4)
  await endSessions()
  await expect.poll(() => lost).toBe(1)
  await one.check()
  expect(await one.take(4)).toEqual({ mailboxId: 4, fence: 2 })
  expect(await open().take(4)).toBeNull()
})

test('says so when the database does not answer', async () => {
  const leases = createLeases('postgres://nobody@127.0.0.1:1/none', { log, onLost: () => undefined })
  await expect(leases.take(1)).rejects.toThrow('ECONNREFUSED')
  await leases.close()
})

test('refuses whoever held a mailbox before, and makes the next wait for what he is committing', async () => {
  const [one, other] = [open(), open()]
  const before = await one.take(5)
  if (!before) throw new Error('not taken')
  await assertHeld(database().db, before)
  const order: string[] = []
  let taking: Promise<unknown> = Promise.resolve()
  await database()
    .db.transaction()
    .execute(async (trx) => {
      await assertHeld(trx, before)
      await endSessions()
      taking = vi.waitFor(async () => expect(await other.take(5)).not.toBeNull()).then(() => order.push('taken'))
      await untilWaiting('insert into mailbox_leases')
      order.push('committed')
    })
  await taking
  expect(order).toEqual(['committed', 'taken'])
  await expect(assertHeld(database().db, before)).rejects.toThrow(LeaseLost)
  await assertHeld(database().db, { mailboxId: 5, fence: 2 })
})

test('keeps its mailboxes as long as the process gives signs of life', async () => {
  let lost = 0
  const lively = createLeases(database().url, { log, onLost: () => lost++, leaseSeconds: 3 })
  opened.push(lively)
  await lively.take(6)
  await sql`select pg_sleep(3.5)`.execute(database().db)
  expect(lost).toBe(0)
  expect(await open().take(6)).toBeNull()
})

test('counts what each process holds', async () => {
  const [one, other, third] = [open(), open(), open()]
  await one.take(1)
  await one.take(2)
  await other.take(3)
  await third.check()
  expect(await one.readShares()).toEqual({ own: 2, others: [1, 0], isFirst: true })
  expect((await third.readShares()).others.toSorted((a, b) => a - b)).toEqual([1, 2])
})

test('takes no mailbox that was deleted meanwhile', async () => {
  const [one, other] = [open(), open()]
  expect(await one.take(99)).toBeNull()
  expect(await other.readShares()).toMatchObject({ own: 0, others: [0] })
})

async function untilWaiting(statement: string): Promise<void> {
  const waiting = () =>
    sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like ${`%${statement}%`}`.execute(database().db)
  await expect.poll(async () => (await waiting()).rows.length).toBe(1)
}
