import { type Database, sql } from '@ruadar/platform'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { closeMailboxes, countMails, mailboxAt, readFlags, readFolder, smallMail, watchMailboxes } from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'

const password = 'correct'
const users = ['storing', 'moving', 'deleting'].map((name) => ({ name, password }))
const database = useDatabase()
let server: Dovecot
beforeAll(async () => {
  server = await startDovecot({ users })
})
afterAll(() => server.stop())
afterEach(closeMailboxes)

/** Takes the mailbox as another process does once the lease is lost; `release` lets the first one have it again. */
async function takeOver({ url, db }: Database, user: string): Promise<{ taken: Promise<unknown>; release(): Promise<void> }> {
  const { rows } = await sql<{ id: number }>`select id from mailboxes where definition->>'user' = ${user}`.execute(db)
  const id = rows[0]?.id
  await sql`update mailbox_leases set fence = fence + 1 where mailbox_id = ${id}`.execute(db)
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  // Waits until the first process lets it go by itself, because it was refused.
  return { taken: other.query('select pg_advisory_lock($1, $2)', [0x72756164, id]), release: () => other.end() }
}

const inFolder = async (user: string, folder: string) => Object.keys(await readFlags(server, user, password, folder)).length

test('stores no mail and writes no checkpoint once another process has the mailbox', async () => {
  const user = 'storing'
  let other: Awaited<ReturnType<typeof takeOver>> | undefined
  server.addMail(user, 'INBOX', smallMail(0, user))
  await watchMailboxes(database(), [mailboxAt(server, user, password)], {
    wrap: (intake) => async (items, inTransaction) => {
      const isSecond = (await countMails(database(), user)) === 1
      if (isSecond) other ??= await takeOver(database(), user)
      return intake(items, inTransaction)
    },
  })
  await expect.poll(() => readFolder(database(), user), { timeout: 30_000 }).toMatchObject({ storedUid: 1, remaining: 0 })
  server.addMail(user, 'INBOX', smallMail(1, user))
  await expect.poll(() => other, { timeout: 30_000 }).toBeDefined()
  await other?.taken
  expect(await countMails(database(), user)).toBe(1)
  expect(await readFolder(database(), user)).toMatchObject({ storedUid: 1, fetched: 1 })
  await other?.release()
  await expect.poll(() => readFolder(database(), user), { timeout: 30_000 }).toMatchObject({ storedUid: 2, fetched: 2 })
})

test.each(['moving', 'deleting'])('does no %s once another process has the mailbox', async (user) => {
  const afterwards = user === 'moving' ? ({ action: 'move', folder: 'Done' } as const) : ({ action: 'delete', days: 0 } as const)
  let other: Awaited<ReturnType<typeof takeOver>> | undefined
  server.addMail(user, 'INBOX', smallMail(0, user), new Date(Date.now() - 60_000))
  await watchMailboxes(database(), [mailboxAt(server, user, password, { afterwards })], {
    wrap: (intake) => async (items, inTransaction) => {
      const stored = await intake(items, inTransaction)
      other ??= await takeOver(database(), user)
      return stored
    },
  })
  await expect.poll(() => other, { timeout: 30_000 }).toBeDefined()
  await other?.taken
  expect(await inFolder(user, 'INBOX')).toBe(1)
  expect(await readFolder(database(), user)).toMatchObject({ storedUid: 1, settledUid: 0 })
  await other?.release()
  await expect.poll(() => inFolder(user, 'INBOX'), { timeout: 30_000 }).toBe(0)
})
