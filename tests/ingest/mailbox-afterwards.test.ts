import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startDovecot, type Dovecot } from '../harness/dovecot.ts'
import {
  closeMailboxes,
  countMails,
  mailboxAt,
  openClient,
  readFlags,
  readFolder,
  readStatus,
  smallMail,
  watchMailboxes,
} from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'

const password = 'correct'
const users = ['seen', 'move', 'delete', 'crash', 'loop', 'foreign'].map((name) => ({ name, password }))
const database = useDatabase()
let server: Dovecot
beforeAll(async () => {
  server = await startDovecot({ users })
})
afterAll(() => server.stop())
afterEach(closeMailboxes)

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)

async function listUids(user: string, folder: string): Promise<number[]> {
  return Object.keys(await readFlags(server, user, password, folder)).map(Number)
}

test('marks mails as seen after they are stored, and only those', async () => {
  for (let number = 0; number < 3; number++) server.addMail('seen', 'INBOX', smallMail(number, 'seen'))
  server.addMail('seen', 'INBOX', smallMail(3, 'x'.repeat(20_000)))
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'seen', password, { afterwards: { action: 'seen' } })], {
    mailMaxBytes: 10_000,
  })
  await expect.poll(() => readFolder(database(), 'seen'), { timeout: 30_000 }).toMatchObject({ storedUid: 4, settledUid: 4 })
  expect(await readFlags(server, 'seen', password)).toEqual({ 1: ['\\Seen'], 2: ['\\Seen'], 3: ['\\Seen'], 4: [] })
  await watched.close()
})

test('moves mails to a folder, which it makes, and goes on with new ones', async () => {
  for (let number = 0; number < 3; number++) server.addMail('move', 'INBOX', smallMail(number, 'move'))
  const watched = await watchMailboxes(database(), [
    mailboxAt(server, 'move', password, { afterwards: { action: 'move', folder: 'Done' } }),
  ])
  await expect.poll(() => readFolder(database(), 'move'), { timeout: 30_000 }).toMatchObject({ storedUid: 3, settledUid: 3 })
  server.addMail('move', 'INBOX', smallMail(3, 'move'))
  await expect.poll(() => readFolder(database(), 'move'), { timeout: 30_000 }).toMatchObject({ storedUid: 4, settledUid: 4, total: 0 })
  await watched.close()
  expect(await listUids('move', 'INBOX')).toEqual([])
  expect(await listUids('move', 'Done')).toHaveLength(4)
  expect(await countMails(database(), 'move')).toBe(4)
})

test('deletes stored mails that are old enough, and no others', async () => {
  server.addMail('delete', 'INBOX', smallMail(0, 'delete'), daysAgo(30))
  server.addMail('delete', 'INBOX', smallMail(1, 'delete'), daysAgo(7.1))
  server.addMail('delete', 'INBOX', smallMail(2, 'delete'), daysAgo(6.9))
  server.addMail('delete', 'INBOX', smallMail(3, 'x'.repeat(20_000)), daysAgo(30))
  server.addMail('delete', 'INBOX', smallMail(4, 'delete'))
  const mailbox = mailboxAt(server, 'delete', password, { afterwards: { action: 'delete', days: 7 } })
  const watched = await watchMailboxes(database(), [mailbox], { mailMaxBytes: 10_000 })
  await expect.poll(() => readFolder(database(), 'delete'), { timeout: 30_000 }).toMatchObject({ storedUid: 5, total: 3 })
  await watched.close()
  expect(await listUids('delete', 'INBOX')).toEqual([3, 4, 5])
})

test('leaves mails that somebody else flagged as deleted', async () => {
  server.addMail('foreign', 'INBOX', smallMail(0, 'foreign'), daysAgo(30))
  server.addMail('foreign', 'INBOX', smallMail(1, 'foreign'))
  const client = await openClient(server, 'foreign', password)
  await client.mailboxOpen('INBOX')
  await client.messageFlagsAdd('2', ['\\Deleted'], { uid: true })
  client.close()
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'foreign', password, { afterwards: { action: 'delete', days: 7 } })])
  await expect.poll(() => readFolder(database(), 'foreign'), { timeout: 30_000 }).toMatchObject({ storedUid: 2, total: 1 })
  await watched.close()
  expect(await readFlags(server, 'foreign', password)).toEqual({ 2: ['\\Deleted'] })
})

test('changes nothing in the mailbox before the mail is committed, and catches up with what a crash left', async () => {
  for (let number = 0; number < 3; number++) server.addMail('crash', 'INBOX', smallMail(number, 'crash'))
  const mailbox = mailboxAt(server, 'crash', password, { afterwards: { action: 'move', folder: 'Done' } })
  let flagsAtCommit: Record<number, string[]> | undefined
  const first = await watchMailboxes(database(), [mailbox], {
    wrap: (intake) => async (items, inTransaction) => {
      await intake(items, inTransaction)
      flagsAtCommit ??= await readFlags(server, 'crash', password)
      throw new Error('the process dies between the commit and the move')
    },
  })
  await expect.poll(() => flagsAtCommit, { timeout: 30_000 }).toEqual({ 1: [], 2: [], 3: [] })
  await first.close()
  expect(await readFolder(database(), 'crash')).toMatchObject({ storedUid: 3, settledUid: 0 })

  const second = await watchMailboxes(database(), [mailbox])
  await expect.poll(() => readFolder(database(), 'crash'), { timeout: 30_000 }).toMatchObject({ storedUid: 3, settledUid: 3 })
  await second.close()
  expect(await listUids('crash', 'Done')).toHaveLength(3)
  expect(await countMails(database(), 'crash')).toBe(3)
})

test('refuses to move mails into a folder that it watches', async () => {
  const mailbox = mailboxAt(server, 'loop', password, { afterwards: { action: 'move', folder: 'inbox' } })
  const watched = await watchMailboxes(database(), [mailbox])
  await expect.poll(() => readStatus(database(), 'loop'), { timeout: 30_000 }).toMatchObject({ status: 'failing' })
  expect((await readStatus(database(), 'loop'))?.message).toContain('watched itself')
  await watched.close()
})
