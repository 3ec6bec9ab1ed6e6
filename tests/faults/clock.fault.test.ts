import { setTimeout as sleep } from 'node:timers/promises'
import { type Database, sql } from '@ruadar/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Dovecot, startDovecot } from '../harness/dovecot.ts'
import { openEmbedded } from '../harness/embedded-database.ts'
import { makeFakeClock } from '../harness/fake-clock.ts'
import { runRuadar } from '../harness/process.ts'
import { makeDataDir, type Product, startProduct } from '../harness/product.ts'
import { fault, linesOf, measure, patience, processesOf } from './fault.ts'
import { findStored, type SentMail, sentMails, truthOf } from './sent-mails.ts'

const day = 86_400
const rounds = measure(1, 3)
const mailsPerStep = measure(60, 200)

const clock = makeFakeClock()
const dataDir = makeDataDir()
const sent: SentMail[] = []
const past: string[] = []
let dovecot: Dovecot
let product: Product
let database: Database
let env: Record<string, string>
/** Seconds that the clock is set off the real one. */
let offset = 0

beforeAll(async () => {
  dovecot = await startDovecot({ users: [{ name: 'clock', password: 'secret' }] })
  dovecot.addMail('clock', 'INBOX', 'Subject: hello\r\n\r\nhello\r\n')
  env = {
    ...clock.env,
    RUADAR_IMAP_URL: `imap://clock:secret@127.0.0.1:${dovecot.ports.plain}/INBOX`,
    RUADAR_POLL_SECONDS: '1',
    RUADAR_LEASE_SECONDS: '2',
  }
  await start()
})
afterAll(async () => {
  await database.close()
  await product.running.end('SIGKILL')
  // Stops a server that a killed one has left behind.
  if (processesOf(dataDir).length > 0) await (await startProduct({ dataDir, env })).stop()
  product.remove()
  await dovecot.stop()
  clock.remove()
})

/** Headers of somebody who signed in, and of a program with a token. */
async function welcomeVisitors(): Promise<Record<string, string>[]> {
  const setup = await fetch(`${product.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify({ secret: product.setupLink?.split('secret=')[1], name: 'admin', password: 'a long enough password' }),
  })
  const created = await runRuadar(['token', 'create', '--name', 'clock'], { ...env, RUADAR_DATA_DIR: dataDir })
  return [{ cookie: setup.headers.get('set-cookie')?.split(';')[0] ?? '' }, { authorization: `Bearer ${created.stdout.trim()}` }]
}

async function start(): Promise<void> {
  product = await startProduct({ dataDir, env })
  database = await openEmbedded(dataDir)
}

function deliver(): SentMail[] {
  const mails = sentMails(mailsPerStep, `clock ${sent.length}`)
  sent.push(...mails)
  for (const { raw } of mails) dovecot.addMail('clock', 'INBOX', raw)
  return mails
}

const readClock = async (): Promise<number> => {
  const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(database.db)
  return ((rows[0]?.at.getTime() ?? 0) - Date.now()) / 1000
}

async function untilStored(mails: readonly SentMail[]): Promise<void> {
  await expect.poll(async () => (await findStored(database, mails)).length, patience).toBe(mails.length)
}

/** Stops the process, unless there is no mail that it has in hand. */
async function stopsWithJobs(): Promise<boolean> {
  const isInHand = async () =>
    (await sql`select from mails where state = 'stored' and queued_at is not null`.execute(database.db)).rows.length > 0
  if (!(await isInHand())) return false
  product.running.child.kill('SIGSTOP')
  if (await isInHand()) return true
  product.running.child.kill('SIGCONT')
  return false
}

async function untilRead(): Promise<void> {
  const waiting = async () =>
    (await sql<{ mails: number }>`select count(*) as mails from mails where state = 'stored'`.execute(database.db)).rows[0]?.mails
  await expect.poll(waiting, patience).toBe(0)
}

fault('the clock is set forward and back by a day while mails are fetched and read', async () => {
  let steps = 0
  const visitors = await welcomeVisitors()
  for (let round = 0; round < rounds; round++) {
    for (offset of [day, -day]) {
      const mails = deliver()
      while ((await findStored(database, mails)).length === 0) await sleep(2)
      clock.set(offset)
      steps++
      // The database goes by this clock too: proves that it is set at all.
      const wanted = offset
      await expect.poll(async () => Math.abs((await readClock()) - wanted) < 60, patience).toBe(true)
      await untilStored(deliver())
      await untilRead()
      for (const headers of visitors) expect((await fetch(`${product.url}/api/v1/summary`, { headers })).status).toBe(200)
      await product.running.waitFor(new RegExp(`(the clock of this machine was set[^]*){${steps}}`))
    }
  }
  return { injected: steps, database, truth: truthOf(sent), others: 1 }
})

it('tells of each step of the clock in a line, and of nothing else', () => {
  expect(linesOf(product.running, /the clock of this machine was set/)).toHaveLength(2 * rounds)
  expect(linesOf(product.running, /"level":[456]0/).length).toBeLessThanOrEqual(4 * rounds + 4)
  expect(linesOf(product.running, /"stack"/)).toEqual([])
})

fault('the clock is set back by a day between a kill and the next start, and forward between a stop and the next start', async () => {
  let steps = 0
  for (let round = 0; round < rounds; round++) {
    const mails = deliver()
    // Jobs that are in hand when the process dies are locked until a time that will not come for a day.
    while (!(await stopsWithJobs())) if ((await findStored(database, mails)).length === mails.length) mails.push(...deliver())
    await database.close()
    await product.running.end('SIGKILL')
    clock.set((offset -= day))
    past.push(product.running.output())
    await start()
    await untilStored(mails)
    await untilRead()
    await database.close()
    expect(await product.stop()).toBe(0)
    past.push(product.running.output())
    clock.set((offset += day))
    deliver()
    await start()
    await untilRead()
    steps += 2
  }
  return { injected: steps, database, truth: truthOf(sent), others: 1 }
})

it('has taken up what was in hand when it was killed, and leaves no process behind', async () => {
  expect(past.flatMap((output) => output.split('\n').filter((line) => line.includes('the clock was set back: mails')))).not.toEqual([])
  await database.close()
  expect(await product.stop()).toBe(0)
  expect(processesOf(dataDir)).toEqual([])
})
