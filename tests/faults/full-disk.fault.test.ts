import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sha256, sql } from '@ruadar/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { openEmbedded } from '../harness/embedded-database.ts'
import { type Product, startProduct } from '../harness/product.ts'
import { testMail } from '../harness/reports.ts'
import { mountSmallDisk } from '../harness/small-disk.ts'
import { fault, linesOf, measure, patience, processesOf } from './fault.ts'
import { fillLog } from './full-log.ts'
import { findStored, type SentMail, sentMails, truthOf } from './sent-mails.ts'
import { watchInbox, type WatchedInbox } from './watched-inbox.ts'

const rounds = measure(1, 2)
const mailsPerRound = measure(150, 400)

/** PostgreSQL keeps up to 1 GB of its log. */
const disk = mountSmallDisk(measure(400, 2500))
const sent: SentMail[] = []
let dovecot: Dovecot
let product: Product
let database: Database
let inbox: WatchedInbox

beforeAll(async () => {
  dovecot = await startDovecot({ users: [{ name: 'full', password: 'secret' }] })
  dovecot.addMail('full', 'INBOX', 'Subject: hello\r\n\r\nhello\r\n')
  product = await startProduct({
    dataDir: disk.folder,
    env: {
      RUADAR_IMAP_URL: `imap://full:secret@127.0.0.1:${dovecot.ports.plain}/INBOX?after=move&folder=Done`,
      RUADAR_POLL_SECONDS: '1',
      RUADAR_LEASE_SECONDS: '2',
    },
  })
  database = await openEmbedded(disk.folder)
  inbox = watchInbox(dovecot, 'full', database)
})
afterAll(async () => {
  disk.makeRoom()
  await inbox.stop()
  await database.close()
  await product.stop()
  await dovecot.stop()
  disk.unmount()
})

function deliver(): SentMail[] {
  const mails = sentMails(mailsPerRound, `full ${sent.length}`)
  sent.push(...mails)
  inbox.deliver(mails)
  return mails
}

async function untilStored(mails: readonly SentMail[]): Promise<void> {
  await expect.poll(async () => (await findStored(database, mails)).length, patience).toBe(mails.length)
}

/** How often it was tried to read a mail. */
async function countStarts({ hash }: SentMail): Promise<number> {
  const { rows } = await sql<{ starts: number }>`select starts from mails where hash = decode(${hash}, 'hex')`.execute(database.db)
  return rows[0]?.starts ?? 0
}

async function countWaiting(): Promise<number> {
  const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails where state = 'stored'`.execute(database.db)
  return rows[0]?.mails ?? 0
}

/** What the API answers; whose token it is has to be looked up in the database. */
async function question(): Promise<[status: number, body: unknown]> {
  const headers = { authorization: `Bearer ruadar_${'0'.repeat(43)}` }
  const answer = await fetch(`${product.url}/api/v1/domains`, { headers })
  return [answer.status, await answer.json()]
}

const fullLine = /takes nothing more; what needs it is tried again|The embedded database ended: there is no space left/
const noStartLine = /The embedded database does not start: there is no space left/

/** Waits until the log has told once more of it than when `work` began. */
async function untilTold(line: RegExp, work: () => unknown): Promise<void> {
  const before = linesOf(product.running, line).length
  await work()
  await expect.poll(() => linesOf(product.running, line).length, patience).toBeGreaterThan(before)
}

fault('the disk of the database is full while mails are stored, read and summed up', async () => {
  for (let round = 0; round < rounds; round++) {
    const mails = deliver()
    while ((await findStored(database, mails)).length === 0) await sleep(5)
    const strike = () => {
      disk.fill()
      deliver()
    }
    // That there is room is told when what failed works, or nothing fails for a minute: the first outage may not be over yet.
    if (round === 0) await untilTold(fullLine, strike)
    else strike()
    await sleep(2000)
    disk.makeRoom()
    await untilStored(sent)
  }
  return { injected: rounds, database, truth: truthOf(sent), others: 1 }
})

fault('the disk is full while the rows of a large report are stored', async () => {
  const records = Array.from({ length: measure(40_000, 60_000) }, (_, index) => ({
    sourceIp: `198.51.${(index >> 8) & 255}.${index & 255}`,
    count: 1 + (index >> 16),
  }))
  for (let round = 0; round < rounds; round++) {
    const raw = testMail({ reportId: `large ${round}`, records })
    const messages = records.reduce((sum, { count }) => sum + count, 0)
    const large = { raw, hash: sha256(raw).toString('hex'), truth: { messages, dmarcPass: messages, reports: 1 } }
    const endsBefore = linesOf(product.running, noStartLine).length
    disk.fill(2_000_000)
    sent.push(large)
    inbox.deliver([large])
    // Where PostgreSQL has no segment of its log left to use again, it ends before the mail can be tried twice; where other work takes the
    // rest of the room first, the mail stays in its mailbox.
    const isLeftOut = async () => disk.freeBytes() === 0 && (await findStored(database, [large])).length === 0
    const hasStruck = async () =>
      linesOf(product.running, noStartLine).length > endsBefore || (await countStarts(large)) > 1 || (await isLeftOut())
    await expect.poll(hasStruck, patience).toBe(true)
    disk.makeRoom()
    await untilStored([large])
    await expect.poll(() => countWaiting(), patience).toBe(0)
  }
  return { injected: rounds, database, truth: truthOf(sent), others: 1 }
})

fault('the disk is full when PostgreSQL needs room for its log, and the server ends', async () => {
  for (let round = 0; round < rounds; round++) {
    await untilTold(noStartLine, async () => {
      disk.fill()
      deliver()
      await fillLog(database)
    })
    expect(await question()).toEqual([503, expect.objectContaining({ code: 'database_full' })])
    await untilTold(/The embedded database runs again/, disk.makeRoom)
    await untilStored(sent)
  }
  return { injected: rounds, database, truth: truthOf(sent), others: 1 }
})

it('has moved no mail that was not committed, and ends in good order', async () => {
  await expect.poll(() => inbox.present(), patience).toEqual([])
  expect(await inbox.stop()).toEqual([])
  expect(linesOf(product.running, /"stack"/)).toEqual([])
  // Nine kinds of work notice it, each once in a minute.
  expect(linesOf(product.running, /"level":[456]0/).length).toBeLessThanOrEqual(20 * rounds)
  await database.close()
  expect(await product.stop()).toBe(0)
  expect(processesOf(disk.folder)).toEqual([])
})
