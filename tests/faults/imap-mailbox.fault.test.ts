import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, openDatabase, sha256, sql } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { type ImapProxy, startImapProxy } from '../harness/imap-proxy.ts'
import { openClient, readFolder } from '../harness/mailboxes.ts'
import { createDatabase } from '../harness/postgres.ts'
import { type Running, startNode } from '../harness/process.ts'
import { fault, linesOf, measure, patience, processesOf } from './fault.ts'
import { mailboxFile } from './mailbox-file.ts'
import { findStored, type SentMail, sentMails, truthOf } from './sent-mails.ts'
import { watchInbox, type WatchedInbox } from './watched-inbox.ts'

const rounds = measure(4, 16)
const mailsPerRound = 30
const mailMaxBytes = 40_000

const wishes = [
  { user: 'leave', after: 'leave' },
  { user: 'move', after: 'move\n    move_to: Done' },
  { user: 'delete', after: 'delete\n    delete_after_days: 0' },
]

let dovecot: Dovecot
let database: Database
let drop: () => Promise<void>
let ingest: Running
let file: ReturnType<typeof mailboxFile>
const proxies: ImapProxy[] = []
const inboxes: WatchedInbox[] = []
const sent: SentMail[] = []
const excused = new Set<SentMail>()
/** Larger than is taken, whatever the server says. */
const oversized = new Map<string, SentMail>()

beforeAll(async () => {
  const made = await createDatabase()
  drop = made.drop
  database = await openDatabase(made.url, { name: 'test' })
  dovecot = await startDovecot({ users: wishes.map(({ user }) => ({ name: user, password: 'secret' })) })
  for (const { user } of wishes) {
    const [mail] = sentMails(1, `too large ${user}`)
    const raw = Buffer.concat([mail?.raw ?? Buffer.alloc(0), Buffer.alloc(2 * mailMaxBytes, '\r\n')])
    const large = { raw, hash: sha256(raw).toString('hex'), truth: { messages: 0, dmarcPass: 0, reports: 0 } }
    oversized.set(user, large)
    dovecot.addMail(user, 'INBOX', 'Subject: hello\r\n\r\nhello\r\n')
    const inbox = watchInbox(dovecot, user, database)
    inbox.deliver([large])
    inboxes.push(inbox)
    const proxy = await startImapProxy(dovecot.ports.plain)
    const random = new SeededRandom('sizes', user)
    proxy.rewrite = (line) => line.replace(/RFC822\.SIZE \d+/, () => `RFC822.SIZE ${random.pick([0, 1, 100, 3000, mailMaxBytes])}`)
    proxies.push(proxy)
  }
  file = mailboxFile(wishes.map(({ user, after }, index) => ({ user, after, port: proxies[index]?.port ?? 0 })))
  ingest = startNode('services/ingest/dist/main.js', [], {
    DATABASE_URL: made.url,
    RUADAR_CONFIG: file.path,
    RUADAR_POLL_SECONDS: '1',
    RUADAR_LEASE_SECONDS: '2',
    RUADAR_MAIL_MAX_BYTES: String(mailMaxBytes),
  })
})
afterAll(async () => {
  await ingest.end('SIGKILL')
  for (const inbox of inboxes) await inbox.stop()
  for (const proxy of proxies) await proxy.close()
  await dovecot.stop()
  await database.close()
  await drop()
  file.remove()
})

/** Another client of the same mailbox: deletes some mails and moves others away, while they are being fetched. Returns how many. */
async function tidyUp(user: string, inbox: WatchedInbox, random: SeededRandom, mails: readonly SentMail[]): Promise<number> {
  const client = await openClient(dovecot, user, 'secret')
  const byHash = new Map(mails.map((mail) => [mail.hash, mail]))
  const chosen: { uid: number; mail: SentMail }[] = []
  try {
    if (!(await client.list()).some(({ path }) => path === 'Elsewhere')) await client.mailboxCreate('Elsewhere')
    await client.mailboxOpen('INBOX')
    for (const { uid, source } of await client.fetchAll('1:*', { uid: true, source: true }, { uid: true })) {
      const mail = byHash.get(sha256(source ?? Buffer.alloc(0)).toString('hex'))
      if (mail && !excused.has(mail) && random.chance(0.3)) chosen.push({ uid, mail })
    }
    for (const { uid, mail } of chosen) {
      inbox.excuse(mail)
      excused.add(mail)
      const how = random.between(0, 2)
      const path = inbox.fileOf(mail)
      if (how === 0) await client.messageDelete(String(uid), { uid: true })
      else if (how === 1) await client.messageMove(String(uid), 'Elsewhere', { uid: true })
      else if (path) rmSync(path, { force: true })
    }
  } catch {
    // Numbered anew, Dovecot ends the sessions of everybody.
  } finally {
    client.close()
  }
  return chosen.length
}

/** What a mailbox looks like that was restored from a backup: the same mails, in other words of the server. */
function numberAnew(user: string): void {
  const folder = dovecot.maildir(user)
  for (const name of readdirSync(folder)) if (/^dovecot(-uidlist|\.index.*)$/.test(name)) rmSync(join(folder, name), { force: true })
}

async function disturb({ user }: (typeof wishes)[number], index: number): Promise<number> {
  const [proxy, inbox] = [proxies[index], inboxes[index]]
  if (!proxy || !inbox) return 0
  const random = new SeededRandom('mailbox', user)
  const lie = proxy.rewrite
  let added = 0
  proxy.rewrite = (line) => lie(line).replace(/\[UIDVALIDITY (\d+)\]/, (_, validity) => `[UIDVALIDITY ${Number(validity) + added}]`)
  proxy.bytesPerSecond = 300_000
  let done = 0
  const mails = sentMails(rounds * mailsPerRound, user)
  sent.push(...mails)
  for (let round = 0; round < rounds; round++) {
    const portion = mails.slice(round * mailsPerRound, (round + 1) * mailsPerRound)
    inbox.deliver(portion)
    await sleep(random.between(0, 150))
    if (round % 3 === 0) added += 1000
    if (round % 3 === 1) numberAnew(user)
    done += (await tidyUp(user, inbox, random, mails)) + (round % 3 === 2 ? 0 : 1)
    // The next round begins when this one has come in, so that a change of UIDVALIDITY meets something that is known.
    const isThere = async () =>
      (
        await findStored(
          database,
          portion.filter((mail) => !excused.has(mail)),
        )
      ).length
    while ((await isThere()) < portion.filter((mail) => !excused.has(mail)).length) await sleep(20)
  }
  // What the last rounds changed may have been over before anybody looked: this is seen.
  const folder = () => readFolder(database, user)
  const before = await folder()
  added += 1000
  await expect.poll(async () => (await folder())?.uidValidity, patience).not.toBe(before?.uidValidity)
  // It is read through once more before anything is counted: what is too large gets a row by its new number, and what was to be taken away
  // but is still there comes in. A moment noted under the new number belongs to it.
  const changed = await folder()
  await expect.poll(async () => (await folder())?.syncedAt, patience).not.toEqual(changed?.syncedAt)
  return done + 1
}

fault('mailboxes lie about sizes, change UIDVALIDITY, and lose mails to another client', async () => {
  const done = await Promise.all(wishes.map(disturb))
  const stored = await findStored(database, sent)
  const left = await database.db.executeQuery<{ mails: number }>(
    sql`select count(*) as mails from mails where raw is null`.compile(database.db),
  )
  return { injected: done.reduce((sum, times) => sum + times, 0), database, truth: truthOf(stored), others: 1 + (left.rows[0]?.mails ?? 0) }
})

it('has taken every mail that nobody took away, and has left in its mailbox what is larger than may be taken', async () => {
  const stored = new Set(await findStored(database, sent))
  expect(sent.filter((mail) => !stored.has(mail) && !excused.has(mail))).toEqual([])
  expect(excused.size).toBeGreaterThan(rounds)
  await expect
    .poll(() => inboxes.slice(1).map((inbox) => inbox.present()), patience)
    .toEqual(wishes.slice(1).map(({ user }) => [oversized.get(user)]))
  for (const inbox of inboxes) expect(await inbox.stop()).toEqual([])
  const { rows } = await sql`select distinct code from mails join mail_outcomes on mail_id = mails.id where raw is null`.execute(
    database.db,
  )
  expect(rows).toEqual([{ code: 'mail_too_large' }])
  expect(linesOf(ingest, /"stack"|\\n +at /)).toEqual([])
  expect(linesOf(ingest, /has numbered the mails of the folder anew/).length).toBeGreaterThan(0)
  expect(linesOf(ingest, /has numbered the mails of the folder anew/).length).toBeLessThanOrEqual(rounds * wishes.length)
  expect(linesOf(ingest, /"level":[456]0/).length).toBeLessThanOrEqual(2 * rounds * wishes.length)
  expect(await ingest.end('SIGTERM')).toBe(0)
  expect(processesOf(file.path)).toEqual([])
})
