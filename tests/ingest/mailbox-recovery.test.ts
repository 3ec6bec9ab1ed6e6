import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sealSecrets, sql } from '@ruadar/platform'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startDovecot, type Dovecot } from '../harness/dovecot.ts'
import {
  closeMailboxes,
  countMails,
  mailboxAt,
  openClient,
  readFolder,
  readStatus,
  smallMail,
  watchMailboxes,
} from '../harness/mailboxes.ts'
import { useDatabase } from '../harness/postgres.ts'

const password = 'correct'
const users = ['validity', 'restart', 'database', 'shared', 'session', 'page', 'renamed', 'lying', 'large'].map((name) => ({
  name,
  password,
}))
const database = useDatabase()
let server: Dovecot
beforeAll(async () => {
  server = await startDovecot({ users })
})
afterAll(() => server.stop())
afterEach(closeMailboxes)

function fill(user: string, from: number, to: number, folder = 'INBOX'): void {
  for (let number = from; number < to; number++) server.addMail(user, folder, smallMail(number, `For ${user}`))
}

test('starts a folder again when its UIDVALIDITY changed, and counts nothing twice', async () => {
  fill('validity', 0, 60, 'Reports')
  const mailbox = mailboxAt(server, 'validity', password, { folders: ['Reports'] })
  const first = await watchMailboxes(database(), [mailbox])
  await expect.poll(() => countMails(database(), 'validity'), { timeout: 30_000 }).toBe(60)
  await first.close()
  const before = await readFolder(database(), 'validity', 'Reports')

  rmSync(server.maildir('validity', 'Reports'), { recursive: true })
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(before?.uidValidity ?? 0) // Dovecot's UIDVALIDITY is a second
  fill('validity', 0, 61, 'Reports')
  const second = await watchMailboxes(database(), [mailbox])
  await expect.poll(() => countMails(database(), 'validity'), { timeout: 30_000 }).toBe(61)
  await second.close()
  const after = await readFolder(database(), 'validity', 'Reports')
  expect(after?.uidValidity).not.toBe(before?.uidValidity)
  expect(after).toMatchObject({ storedUid: 61, remaining: 0 })
})

test('notices while it watches that a folder was deleted and made again', async () => {
  fill('renamed', 0, 3, 'Reports')
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'renamed', password, { folders: ['Reports'] })], { pollSeconds: 1 })
  await expect.poll(() => countMails(database(), 'renamed'), { timeout: 30_000 }).toBe(3)
  const before = await readFolder(database(), 'renamed', 'Reports')
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(before?.uidValidity ?? 0)
  const client = await openClient(server, 'renamed', password)
  await client.mailboxDelete('Reports')
  await client.mailboxCreate('Reports')
  client.close()
  fill('renamed', 0, 5, 'Reports')
  await expect.poll(() => countMails(database(), 'renamed'), { timeout: 30_000 }).toBe(5)
  await watched.close()
  expect((await readFolder(database(), 'renamed', 'Reports'))?.uidValidity).not.toBe(before?.uidValidity)
})

test('goes on where it was when the server restarts in the middle of a backfill', async () => {
  fill('restart', 0, 1000)
  let batches = 0
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'restart', password)], {
    wrap: (intake) => async (items, inTransaction) => {
      if (++batches === 4) await server.kill().then(() => server.restart())
      return intake(items, inTransaction)
    },
  })
  await expect.poll(() => countMails(database(), 'restart'), { timeout: 60_000 }).toBe(1000)
  await expect.poll(() => readStatus(database(), 'restart'), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  await watched.close()
  expect(await readFolder(database(), 'restart')).toMatchObject({ storedUid: 1000, fetched: 1000, remaining: 0 })
})

test('stores mails and checkpoint together or not at all', async () => {
  fill('database', 0, 120)
  let batches = 0
  let broken = true
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'database', password)], {
    wrap: (intake) => (items, inTransaction) =>
      intake(items, async (trx) => {
        await inTransaction?.(trx)
        if (++batches > 1 && broken) await sql`select 1 / 0`.execute(trx)
      }),
  })
  await expect
    .poll(() => readStatus(database(), 'database'), { timeout: 30_000 })
    .toEqual({
      status: 'failing',
      message: 'The database or the queue takes no mail at the moment; it is tried again.',
    })
  expect(await countMails(database(), 'database')).toBe(50)
  expect(await readFolder(database(), 'database')).toMatchObject({ storedUid: 50, fetched: 50, remaining: 70 })
  broken = false
  await expect.poll(() => readFolder(database(), 'database'), { timeout: 30_000 }).toMatchObject({ storedUid: 120, fetched: 120 })
  expect(await countMails(database(), 'database')).toBe(120)
  await watched.close()
})

test('does not let a mail that the server cannot hand out keep others from coming in, and takes it once the server can', async () => {
  // Dovecot believes the size in a Maildir file name; when the file disagrees, it ends the connection in mid-answer.
  fill('lying', 0, 3)
  const file = server.addMail('lying', 'INBOX', smallMail(3, 'longer than its name says'))
  const folder = join(server.maildir('lying'), 'new')
  renameSync(join(folder, file), join(folder, `${file},S=20,W=20`))
  fill('lying', 4, 6)
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'lying', password)])
  await expect.poll(() => readFolder(database(), 'lying'), { timeout: 60_000 }).toMatchObject({ storedUid: 6 })
  await watched.close()
  const { rows } = await sql<{ uid: number; state: string; code: string | null }>`
    select uid, state, code from mails left join mail_outcomes on mail_id = mails.id
    where mailbox_id = (select id from mailboxes where definition->>'user' = 'lying') order by uid`.execute(database().db)
  expect(rows.map((row) => row.uid)).toEqual([1, 2, 3, 4, 5, 6])
  expect(rows.filter((row) => row.state === 'quarantined')).toEqual([{ uid: 4, state: 'quarantined', code: 'mail_unreadable' }])

  writeFileSync(join(folder, `${file},S=20,W=20`), 'Subject: mended!\r\n\r\n')
  const again = await watchMailboxes(database(), [mailboxAt(server, 'lying', password)])
  const count = () => sql<{ state: string }>`select state from mails where length(raw) = 20`.execute(database().db)
  await expect.poll(async () => (await count()).rows, { timeout: 60_000 }).toEqual([{ state: 'stored' }])
  await again.close()
  expect(await countMails(database(), 'lying')).toBe(6)
})

test('leaves a mail that is too large in the mailbox, says so, takes those behind it, and takes it once the limit is raised', async () => {
  fill('large', 0, 2)
  server.addMail('large', 'INBOX', smallMail(2, 'x'.repeat(70).concat('\r\n').repeat(2000)))
  fill('large', 3, 5)
  const mailbox = mailboxAt(server, 'large', password, { afterwards: { action: 'delete', days: 0 } })
  const watched = await watchMailboxes(database(), [mailbox], { mailMaxBytes: 100_000 })
  await expect.poll(() => readFolder(database(), 'large'), { timeout: 30_000 }).toMatchObject({ storedUid: 5, total: 1 })
  await watched.close()
  const { rows } = await sql<{
    state: string
    raw: Buffer | null
    size: number
    subject: string
    sender: string
    code: string
    message: string
  }>`
    select state, raw, size, subject, sender, code, message from mails
    join mail_outcomes on mail_id = mails.id where uid = 3 and mailbox_id = (select id from mailboxes where definition->>'user' = 'large')`.execute(
    database().db,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({
    state: 'quarantined',
    raw: null,
    subject: 'Mail 2',
    sender: 'reporter@example.net',
    code: 'mail_too_large',
  })
  expect(rows[0]?.message).toContain('RUADAR_MAIL_MAX_BYTES allows 100000')
  expect(rows[0]?.message).toContain(String(rows[0]?.size))
  const client = await openClient(server, 'large', password)
  expect((await client.mailboxOpen('INBOX', { readOnly: true })).exists).toBe(1)
  expect((await client.fetchAll('1:*', { uid: true })).map((mail) => mail.uid)).toEqual([3])

  const allowed = await watchMailboxes(database(), [mailbox], { mailMaxBytes: 1_000_000 })
  await expect.poll(() => readFolder(database(), 'large'), { timeout: 30_000 }).toMatchObject({ storedUid: 5, total: 0 })
  await allowed.close()
  const now = await sql<{ uid: number; bytes: number }>`
    select uid, length(raw) as bytes from mails
    where mailbox_id = (select id from mailboxes where definition->>'user' = 'large') and uid = 3`.execute(database().db)
  expect(now.rows).toEqual([{ uid: 3, bytes: rows[0]?.size }])
  client.close()
})

test('lets one of two processes watch a mailbox, and the other take over when it is killed', async () => {
  fill('shared', 0, 10)
  const mailbox = mailboxAt(server, 'shared', password)
  const script = fileURLToPath(new URL('./mailbox-process.ts', import.meta.url))
  const other = spawn(process.execPath, ['--import', 'tsx', '--conditions=source', script, database().url, JSON.stringify(mailbox)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(other.stdout, 'data')
    await expect.poll(() => readStatus(database(), 'shared'), { timeout: 60_000 }).toMatchObject({ status: 'watching' })
    let taken = 0
    const own = await watchMailboxes(database(), [mailbox], {
      wrap: (intake) => (items, inTransaction) => {
        taken += items.length
        return intake(items, inTransaction)
      },
    })
    fill('shared', 10, 11)
    await expect.poll(() => countMails(database(), 'shared'), { timeout: 30_000 }).toBe(11)
    expect(taken).toBe(0)

    other.kill('SIGKILL')
    await once(other, 'exit')
    fill('shared', 11, 13)
    await expect.poll(() => countMails(database(), 'shared'), { timeout: 30_000 }).toBe(13)
    expect(taken).toBe(2)
    await own.close()
  } finally {
    other.kill('SIGKILL')
  }
})

test('lets its mailboxes go when it loses its session in the database, and takes them again', async () => {
  fill('session', 0, 3)
  const watched = await watchMailboxes(database(), [mailboxAt(server, 'session', password)])
  await expect.poll(() => readStatus(database(), 'session'), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  const logins = () => server.log().split('Login: user=<session>').length - 1
  expect(logins()).toBe(1)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name like 'ruadar mailboxes%' and datname = current_database()`.execute(database().db)
  await expect.poll(logins, { timeout: 30_000 }).toBe(2)
  fill('session', 3, 4)
  await expect.poll(() => countMails(database(), 'session'), { timeout: 30_000 }).toBe(4)
  await watched.close()
})

test('follows the table: a mailbox of the page that is added, changed, disabled and deleted', async () => {
  const secretKey = Buffer.alloc(32, 7)
  fill('page', 0, 2)
  fill('page', 2, 5, 'Reports')
  const { db } = database()
  const { name, ...definition } = mailboxAt(server, 'page', password).input
  const stored = { ...definition, name, auth: { kind: 'password' } }
  const watched = await watchMailboxes(database(), [], { secretKey })
  const { rows } = await sql<{ id: number }>`
    insert into mailboxes (definition, secrets) values (${JSON.stringify(stored)}::jsonb, ${sealSecrets({ password: 'mistyped' }, secretKey)})
    returning id`.execute(db)
  const id = rows[0]?.id ?? 0
  await expect.poll(() => readStatus(database(), 'page'), { timeout: 30_000 }).toMatchObject({ status: 'failing' })
  expect((await readStatus(database(), 'page'))?.message).toContain('check user and password')

  await sql`update mailboxes set secrets = ${sealSecrets({ password }, secretKey)}, revision = revision + 1 where id = ${id}`.execute(db)
  await expect.poll(() => countMails(database(), 'page'), { timeout: 30_000 }).toBe(2)

  const both = JSON.stringify({ ...stored, folders: ['INBOX', 'Reports'] })
  await sql`update mailboxes set definition = ${both}::jsonb, revision = revision + 1 where id = ${id}`.execute(db)
  await expect.poll(() => countMails(database(), 'page'), { timeout: 30_000 }).toBe(5)

  await sql`update mailboxes set enabled = false, revision = revision + 1 where id = ${id}`.execute(db)
  await expect.poll(() => readStatus(database(), 'page'), { timeout: 30_000 }).toEqual({ status: 'disabled', message: null })
  await expect.poll(() => countSessions('page'), { timeout: 30_000 }).toBe(0)

  await sql`update mailboxes set enabled = true, revision = revision + 1 where id = ${id}`.execute(db)
  await expect.poll(() => readStatus(database(), 'page'), { timeout: 30_000 }).toMatchObject({ status: 'watching' })
  await sql`delete from mailboxes where id = ${id}`.execute(db)
  await expect.poll(() => countSessions('page'), { timeout: 30_000 }).toBe(0)
  await watched.close()
})

/** Sessions of a user that the server has open, by its log: each login has its line, and so has each end. */
function countSessions(user: string): number {
  const lines = server.log().split('\n')
  const logins = lines.filter((line) => line.includes(`Login: user=<${user}>`)).length
  return logins - lines.filter((line) => line.includes(`imap(${user})<`) && /Disconnected|Connection closed/.test(line)).length
}

test('disables a mailbox that the settings no longer name', async () => {
  const mailbox = mailboxAt(server, 'validity', password, { folders: ['Reports'] })
  await (await watchMailboxes(database(), [{ ...mailbox, key: 'test going' }])).close()
  const watched = await watchMailboxes(database(), [])
  const { rows } = await sql<{ enabled: boolean; status: string }>`
    select enabled, status from mailboxes where settings_key = 'test going'`.execute(database().db)
  expect(rows).toEqual([{ enabled: false, status: 'disabled' }])
  await watched.close()
})
