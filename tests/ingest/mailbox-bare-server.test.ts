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

// A server that offers RFC 3501 and nothing else: no IDLE, ESEARCH, MOVE or UIDPLUS. Microsoft 365 lacks ESEARCH.
const password = 'correct'
const users = ['holes', 'poll', 'seen', 'move', 'delete'].map((name) => ({ name, password }))
const database = useDatabase()
let bare: Dovecot
let full: Dovecot
beforeAll(async () => {
  bare = await startDovecot({ users, capability: 'IMAP4rev1' })
  full = await startDovecot({ users })
})
afterAll(async () => {
  await bare.stop()
  await full.stop()
})
afterEach(closeMailboxes)

function fill(server: Dovecot, user: string, from: number, to: number): void {
  for (let number = from; number < to; number++) server.addMail(user, 'INBOX', smallMail(number, `For ${user}`))
}

test.each(['bare', 'full'] as const)('crosses a hole of UIDs wider than a step, on the %s server', async (which) => {
  const server = which === 'bare' ? bare : full
  fill(server, 'holes', 0, 1300)
  const client = await openClient(server, 'holes', password)
  await client.mailboxOpen('INBOX')
  await client.messageDelete('3:1298', { uid: true })
  client.close()
  const mailbox = { ...mailboxAt(server, 'holes', password), key: which }
  const watched = await watchMailboxes(database(), [mailbox])
  await expect.poll(() => readStatus(database(), 'holes'), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  await watched.close()
  expect(await readFolder(database(), 'holes')).toMatchObject({ storedUid: 1300, fetched: 4, total: 4, remaining: 0 })
})

test('finds new mail by polling where the server has no IDLE', async () => {
  fill(bare, 'poll', 0, 1)
  const watched = await watchMailboxes(database(), [mailboxAt(bare, 'poll', password)], { pollSeconds: 1 })
  await expect.poll(() => readStatus(database(), 'poll'), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  fill(bare, 'poll', 1, 2)
  await expect.poll(() => countMails(database(), 'poll'), { timeout: 30_000 }).toBe(2)
  await watched.close()
})

test('marks mails as seen without any extension', async () => {
  fill(bare, 'seen', 0, 2)
  const watched = await watchMailboxes(database(), [mailboxAt(bare, 'seen', password, { afterwards: { action: 'seen' } })])
  await expect.poll(() => readFolder(database(), 'seen'), { timeout: 30_000 }).toMatchObject({ settledUid: 2 })
  await watched.close()
  expect(await readFlags(bare, 'seen', password)).toEqual({ 1: ['\\Seen'], 2: ['\\Seen'] })
})

test.each([
  ['move', { action: 'move', folder: 'Done' }, 'mark them as seen instead'],
  ['delete', { action: 'delete', days: 0 }, 'move them to a folder'],
] as const)('stores mails, but refuses to %s them where that would take other mails along', async (user, afterwards, words) => {
  fill(bare, user, 0, 2)
  const watched = await watchMailboxes(database(), [mailboxAt(bare, user, password, { afterwards })])
  await expect.poll(() => readStatus(database(), user), { timeout: 30_000 }).toMatchObject({ status: 'failing' })
  expect((await readStatus(database(), user))?.message).toContain(words)
  await watched.close()
  expect(await countMails(database(), user)).toBe(2)
  expect(await readFlags(bare, user, password)).toEqual({ 1: [], 2: [] })
})
