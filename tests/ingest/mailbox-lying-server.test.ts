import { sql, type MailboxSettings } from '@ruadar/platform'
import { afterEach, expect, test } from 'vitest'
import { watchMailboxes, type Mailboxes } from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'
import { startScriptedImap, type ScriptedImap } from '../harness/scripted-imap.ts'

const database = useDatabase()
let server: ScriptedImap | undefined
let watched: Mailboxes | undefined
afterEach(async () => {
  await watched?.close()
  await server?.close()
})

function mailboxOf({ port }: ScriptedImap, user: string): MailboxSettings {
  return {
    key: user,
    allowPlain: false,
    input: {
      name: user,
      host: '127.0.0.1',
      port,
      security: 'plain',
      user,
      auth: { kind: 'password', password: 'any' },
      folders: ['INBOX'],
      afterwards: { action: 'leave' },
    },
  }
}
const body = (uid: number, user: string, bytes = 0) => `Subject: ${user} ${uid}\r\n\r\n${'x'.repeat(bytes)}\r\n`

async function readMails(user: string): Promise<{ uid: number; bytes: number | null; state: string; code: string | null }[]> {
  const { rows } = await sql<{ uid: number; bytes: number | null; state: string; code: string | null }>`
    select uid, length(raw) as bytes, state, code from mails left join mail_outcomes on mail_id = mails.id
    where mailbox_id = (select id from mailboxes where settings_key = ${user}) order by uid`.execute(database().db)
  return rows
}

test('a mail that is larger than the server said is not taken in', async () => {
  const user = 'larger'
  const mails = [1, 2, 3].map((uid) => ({ uid, statedSize: 100, body: body(uid, user, uid === 2 ? 30_000 : 10) }))
  server = await startScriptedImap(mails)
  watched = await watchMailboxes(database(), [mailboxOf(server, user)], { mailMaxBytes: 20_000 })
  await expect.poll(() => readMails(user), { timeout: 30_000 }).toHaveLength(3)
  expect((await readMails(user)).map(({ state, code }) => ({ state, code }))).toEqual([
    { state: 'stored', code: null },
    { state: 'quarantined', code: 'mail_too_large' },
    { state: 'stored', code: null },
  ])
})

test('a mail far beyond any limit ends the connection instead of the memory, and keeps no other mail out', async () => {
  const user = 'flood'
  const mails = [1, 2, 3].map((uid) => ({ uid, statedSize: 100, body: body(uid, user, uid === 2 ? 5_000_000 : 10) }))
  server = await startScriptedImap(mails)
  watched = await watchMailboxes(database(), [mailboxOf(server, user)], { mailMaxBytes: 20_000 })
  await expect.poll(() => readMails(user), { timeout: 60_000 }).toHaveLength(3)
  expect((await readMails(user)).map((mail) => mail.code)).toEqual([null, 'mail_unreadable', null])
})

test('mails that are small in the list and large in fact are kept in memory only up to a bound, and all taken', async () => {
  const user = 'many'
  const mails = Array.from({ length: 40 }, (_, index) => ({ uid: index + 1, statedSize: 100, body: body(index + 1, user, 1_000_000) }))
  server = await startScriptedImap(mails)
  watched = await watchMailboxes(database(), [mailboxOf(server, user)], { mailMaxBytes: 2_000_000 })
  await expect.poll(async () => (await readMails(user)).length, { timeout: 60_000 }).toBe(40)
  expect((await readMails(user)).map((mail) => mail.bytes)).toEqual(mails.map((mail) => mail.body.length))
  expect(server.fetched.length).toBeGreaterThan(1)
})

test('answers in any order, with mails that nobody asked for', async () => {
  const user = 'order'
  const mails = Array.from({ length: 60 }, (_, index) => ({ uid: index * 3 + 1, statedSize: 100, body: body(index * 3 + 1, user) }))
  server = await startScriptedImap(mails, (chosen) => [...chosen.reverse(), ...mails.slice(-1)])
  watched = await watchMailboxes(database(), [mailboxOf(server, user)])
  await expect.poll(async () => (await readMails(user)).map((mail) => mail.uid), { timeout: 30_000 }).toEqual(mails.map((mail) => mail.uid))
})

test('a mail that the server leaves out of an answer is not passed over', async () => {
  const user = 'forgetful'
  let forgotten = false
  const mails = [1, 2, 3].map((uid) => ({ uid, statedSize: 100, body: body(uid, user) }))
  server = await startScriptedImap(mails, (chosen) => {
    const left = forgotten ? chosen : chosen.filter((mail) => mail.uid !== 2)
    forgotten = true
    return left
  })
  watched = await watchMailboxes(database(), [mailboxOf(server, user)])
  await expect.poll(async () => (await readMails(user)).map((mail) => mail.uid), { timeout: 30_000 }).toEqual([1, 2, 3])
})
