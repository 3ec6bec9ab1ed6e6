import { createLog, sql } from '@ruadar/platform'
import { afterEach, expect, test } from 'vitest'
import { useDatabase } from '../../../../../tests/harness/postgres.ts'
import { createLeases, type Leases } from './lease.ts'

const database = useDatabase()
const opened: Leases[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((leases) => leases.close()))
})

function open(onLost: () => void = () => undefined): Leases {
  const leases = createLeases(database().url, createLog({ logLevel: 'silent' }, 'test'), onLost)
  opened.push(leases)
  return leases
}

test('gives a mailbox to one process at a time', async () => {
  const [one, other] = [open(), open()]
  expect(await one.take(1)).toBe(true)
  expect(await one.take(1)).toBe(true)
  expect(await other.take(1)).toBe(false)
  expect(await other.take(2)).toBe(true)
  await one.free(1)
  expect(await other.take(1)).toBe(true)
  expect(await one.take(1)).toBe(false)
})

test('frees all mailboxes of a process that ends', async () => {
  const [one, other] = [open(), open()]
  await one.take(3)
  await one.close()
  await expect.poll(() => other.take(3)).toBe(true)
})

test('tells when the session was lost, and takes part again', async () => {
  let lost = 0
  const one = open(() => {
    lost++
  })
  await one.take(4)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'ruadar mailboxes' and datname = current_database()`.execute(database().db)
  await expect.poll(() => lost).toBe(1)
  await one.check()
  expect(await one.take(4)).toBe(true)
  expect(await open().take(4)).toBe(false)
})

test('says so when the database does not answer', async () => {
  const leases = createLeases('postgres://nobody@127.0.0.1:1/none', createLog({ logLevel: 'silent' }, 'test'), () => undefined)
  await expect(leases.take(1)).rejects.toThrow('ECONNREFUSED')
  await leases.close()
})
