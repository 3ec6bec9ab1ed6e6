import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256, sql } from '@ruadar/platform'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startDovecot, type Dovecot } from '../harness/dovecot.ts'
import {
  closeMailboxes,
  countMails,
  mailboxAt,
  readFlags,
  readFolder,
  readStatus,
  smallMail,
  watchMailboxes,
} from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'

const mails = 2000
const users = ['tls@example.org', 'starttls@example.org', 'idle@example.org', 'many@example.org'].map((name) => ({
  name,
  password: 'correct',
}))
const database = useDatabase()
let server: Dovecot
beforeAll(async () => {
  server = await startDovecot({ users })
})
afterAll(() => server.stop())
afterEach(closeMailboxes)

/** Texts differ between users, since the same mail in two mailboxes is one mail. */
function fill(user: string, count: number): string[] {
  const texts = Array.from({ length: count }, (_, index) => smallMail(index, `For ${user}`))
  for (const text of texts) server.addMail(user, 'INBOX', text)
  return texts
}

async function storedHashes(user: string): Promise<string[]> {
  const { rows } = await sql<{ hash: Buffer }>`
    select hash from mails join mailboxes on mailboxes.id = mailbox_id where definition->>'user' = ${user}`.execute(database().db)
  return rows.map((row) => row.hash.toString('hex')).sort()
}

for (const [security, user] of [
  ['tls', 'tls@example.org'],
  ['starttls', 'starttls@example.org'],
] as const) {
  test(`brings in every mail of a mailbox over ${security}, byte for byte, changes nothing in it, and adds nothing the second time`, async () => {
    const texts = fill(user, mails)
    const delivered = readdirSync(join(server.maildir(user), 'new'))
    const before = await readFlags(server, user, 'correct')
    const mailbox = mailboxAt(server, user, 'correct', { security, port: security === 'tls' ? server.ports.tls : server.ports.plain })

    const first = await watchMailboxes(database(), [mailbox])
    await expect.poll(() => readStatus(database(), user), { timeout: 60_000 }).toMatchObject({ status: 'watching', message: null })
    await first.close()
    expect(await storedHashes(user)).toEqual(texts.map((text) => sha256(text).toString('hex')).sort())
    const folder = await readFolder(database(), user)
    expect(folder).toMatchObject({ storedUid: mails, settledUid: 0, fetched: mails, total: mails, remaining: 0 })
    expect(folder?.lastMailAt).not.toBeNull()

    const second = await watchMailboxes(database(), [mailbox])
    await expect.poll(async () => (await readFolder(database(), user))?.syncedAt, { timeout: 30_000 }).not.toEqual(folder?.syncedAt)
    await second.close()
    expect(await countMails(database(), user)).toBe(mails)
    expect(await readFolder(database(), user)).toMatchObject({ storedUid: mails, fetched: mails })
    expect(await readFlags(server, user, 'correct')).toEqual(before)
    expect(Object.values(before).flat()).toEqual([])
    // Opened read-only, the folder keeps even its new mails new.
    expect(readdirSync(join(server.maildir(user), 'new'))).toEqual(delivered)
  })
}

test('takes a new mail as soon as the server announces it', async () => {
  const user = 'idle@example.org'
  fill(user, 1)
  const watched = await watchMailboxes(database(), [mailboxAt(server, user, 'correct')], { pollSeconds: 86_400 })
  await expect.poll(() => readStatus(database(), user), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  server.addMail(user, 'INBOX', smallMail(77, 'announced'))
  await expect.poll(() => countMails(database(), user), { timeout: 30_000 }).toBe(2)
  await expect.poll(() => readFolder(database(), user)).toMatchObject({ storedUid: 2, fetched: 2 })
  await watched.close()
})

test('watches several folders of a mailbox, each with its own progress', async () => {
  const user = 'many@example.org'
  fill(user, 3)
  server.addMail(user, 'Reports', smallMail(1, 'in another folder'))
  server.addMail(user, 'Reports', smallMail(0, `For ${user}`)) // also in INBOX
  const watched = await watchMailboxes(database(), [mailboxAt(server, user, 'correct', { folders: ['INBOX', 'Reports'] })])
  await expect.poll(() => readStatus(database(), user), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  await watched.close()
  expect(await readFolder(database(), user, 'INBOX')).toMatchObject({ storedUid: 3, fetched: 3 })
  expect(await readFolder(database(), user, 'Reports')).toMatchObject({ storedUid: 2, fetched: 2 })
  expect(await countMails(database(), user)).toBe(4)
})
