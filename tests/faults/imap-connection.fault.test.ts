import { type Database, openDatabase } from '@ruadar/platform'
import { SeededRandom } from '@ruadar/reports/generate'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { type ConnectionFault, type ImapProxy, startImapProxy } from '../harness/imap-proxy.ts'
import { readStatus } from '../harness/mailboxes.ts'
import { createDatabase } from '../harness/postgres.ts'
import { type Running, startNode } from '../harness/process.ts'
import { fault, linesOf, measure, patience, processesOf } from './fault.ts'
import { mailboxFile } from './mailbox-file.ts'
import { findStored, type SentMail, sentMails, truthOf } from './sent-mails.ts'
import { watchInbox, type WatchedInbox } from './watched-inbox.ts'

const faultCount = measure(4, 16)
const killCount = measure(1, 4)
const mailsPerFault = 20
/** A mail takes some 3 kB: a fault strikes within what is delivered for it. */
const bytesPerFault = 30_000

const wishes = [
  { user: 'leave', after: 'leave', commands: [/UID FETCH/, /EXAMINE/] },
  { user: 'move', after: 'move\n    move_to: Done', commands: [/UID MOVE/, /UID FETCH/, /SELECT/] },
  { user: 'delete', after: 'delete\n    delete_after_days: 0', commands: [/UID EXPUNGE/, /UID STORE/, /UID FETCH/] },
]

let dovecot: Dovecot
let database: Database
let drop: () => Promise<void>
let ingest: Running
let file: ReturnType<typeof mailboxFile>
const proxies: ImapProxy[] = []
const inboxes: WatchedInbox[] = []
const sent: SentMail[] = []

beforeAll(async () => {
  const made = await createDatabase()
  drop = made.drop
  database = await openDatabase(made.url, { name: 'test' })
  dovecot = await startDovecot({
    users: [...wishes.map(({ user }) => ({ name: user, password: 'secret' })), { name: 'away', password: 'secret' }],
  })
  for (const { user } of wishes) {
    dovecot.addMail(user, 'INBOX', 'Subject: hello\r\n\r\nhello\r\n')
    proxies.push(await startImapProxy(dovecot.ports.plain))
    inboxes.push(watchInbox(dovecot, user, database))
  }
  dovecot.addMail('away', 'INBOX', 'Subject: hello\r\n\r\nhello\r\n')
  const behindProxies = wishes.map(({ user, after }, index) => ({ user, after, port: proxies[index]?.port ?? 0 }))
  file = mailboxFile([...behindProxies, { user: 'away', after: 'leave', port: dovecot.ports.plain }])
  ingest = startNode('services/ingest/dist/main.js', [], {
    DATABASE_URL: made.url,
    RUADAR_CONFIG: file.path,
    RUADAR_POLL_SECONDS: '1',
    RUADAR_LEASE_SECONDS: '2',
    RUADAR_IMAP_SILENCE_SECONDS: '2',
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

/** At the end of what bytes decide, commands: one that never comes would hold up the others. */
function planOf({ user, commands }: (typeof wishes)[number]): ConnectionFault[] {
  const random = new SeededRandom('connections', user)
  return Array.from({ length: faultCount }, (_, index): ConnectionFault => {
    const act = index % 6 === 1 ? 'stall' : random.pick(['end', 'reset'] as const)
    const at = commands[index % commands.length]
    if (index % 2 === 1 && at) return { act, at, reaches: random.chance(0.5) }
    return { act, afterBytes: random.chance(0.2) ? random.between(0, 900) : random.between(900, bytesPerFault) }
  })
}

async function strike(wish: (typeof wishes)[number], index: number): Promise<void> {
  const [proxy, inbox] = [proxies[index], inboxes[index]]
  if (!proxy || !inbox) return
  const mails = sentMails(faultCount * mailsPerFault, wish.user)
  sent.push(...mails)
  for (const [number, planned] of planOf(wish).entries()) {
    proxy.faults.push(planned)
    const portion = mails.slice(number * mailsPerFault, (number + 1) * mailsPerFault)
    inbox.deliver(portion)
    while (proxy.faults.length > 0) await sleep(5)
    // Every third one strikes before the mailbox has come back from the one before.
    if (number % 3 !== 2) while ((await findStored(database, portion)).length < portion.length) await sleep(20)
  }
}

fault('connections to mailboxes end, are reset and fall silent in the middle of commands and literals', async () => {
  await Promise.all(wishes.map(strike))
  return { injected: proxies.reduce((sum, { injected }) => sum + injected.length, 0), database, truth: truthOf(sent), others: 1 }
})

fault('the mail server is killed and stays away for a while', async () => {
  const inbox = watchInbox(dovecot, 'away', database)
  inboxes.push(inbox)
  const random = new SeededRandom('away')
  for (let time = 0; time < killCount; time++) {
    const mails = sentMails(60, `away ${time}`)
    sent.push(...mails)
    const moment = random.between(1, mails.length - 1)
    inbox.deliver(mails)
    while ((await findStored(database, mails)).length < moment) await sleep(5)
    await dovecot.kill()
    // The same line comes once in a minute, so the page's sentence tells that it was noticed.
    await expect
      .poll(() => readStatus(database, 'away'), patience)
      .toMatchObject({ message: expect.stringContaining('refuses connections on port') })
    await dovecot.restart()
    while ((await findStored(database, mails)).length < mails.length) await sleep(20)
  }
  return { injected: killCount, database, truth: truthOf(sent), others: 1 }
})

it('has changed only mails that were committed, and tells of each lost connection in a line', async () => {
  await expect
    .poll(() => inboxes.map((inbox) => inbox.present().length), patience)
    .toEqual([faultCount * mailsPerFault, 0, 0, 60 * killCount])
  for (const inbox of inboxes) expect(await inbox.stop()).toEqual([])
  const injected = proxies.flatMap((proxy) => proxy.injected)
  const stalls = injected.filter(({ act }) => act === 'stall').length
  // A silence at the greeting has a sentence of its own. One that strikes while nothing is asked shows at the next question.
  const silences = linesOf(ingest, /says nothing more on the connection|but says nothing: check/)
  expect(silences.length).toBeGreaterThan(0)
  expect(silences.length).toBeLessThanOrEqual(stalls)
  const ends = linesOf(ingest, /ended the connection of/)
  expect(ends.length).toBeGreaterThan(0)
  // When Dovecot is away, each of the proxies takes a connection or two and ends it.
  expect(ends.length + silences.length).toBeLessThanOrEqual(injected.length + killCount * (wishes.length + 1) * 4)
  const refusals = linesOf(ingest, /refuses connections on port/).length
  expect(refusals).toBeGreaterThan(0)
  expect(refusals).toBeLessThanOrEqual(killCount * 6)
  expect(linesOf(ingest, /"stack"|\\n +at /)).toEqual([])
  expect(await ingest.end('SIGTERM')).toBe(0)
  expect(processesOf(file.path)).toEqual([])
})
