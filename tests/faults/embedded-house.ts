import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from '@ruadar/platform'
import { expect } from 'vitest'
import { type Dovecot, freePort, startDovecot } from '../harness/dovecot.ts'
import { runRuadar, type Running, startNode } from '../harness/process.ts'
import { makeDataDir } from '../harness/product.ts'
import type { Truth } from '../harness/reports.ts'
import { patience, processesOf } from './fault.ts'
import { addMails, countStored } from './shared-house.ts'
import { startUploads, type Uploads } from './uploads.ts'

const runs = /Ruadar runs at \S+\n/

/** `ruadar start` with the database in its data folder, a mailbox and somebody who uploads. */
export interface EmbeddedHouse {
  dataDir: string
  env: Record<string, string>
  /** A witness's own connection: it lasts as long as the server keeps its port. */
  database: Database
  uploads: Uploads
  truth: Truth
  /** The witness's connection to a server that was started anew, and so on another port. */
  reopen(): Promise<void>
  /** The process that runs now. */
  product(): Running
  start(): Promise<void>
  /** Starts two at the same moment; gives the one that did not come to run. */
  startTwo(): Promise<Running>
  /** Starts and does not wait. */
  launch(): Running
  /** The pid of the server. */
  postmaster(): number
  deliver(count: number, seed: string): Promise<void>
  /** As Ctrl-C does; afterwards no process of the data folder is left. */
  stop(): Promise<void>
  remove(): Promise<void>
  /** With `withTwo`: the one that did not come to run at the first start. */
  refused: Running | undefined
}

export async function startEmbeddedHouse({ withTwo = false } = {}): Promise<EmbeddedHouse> {
  const dovecot: Dovecot = await startDovecot({ users: [{ name: 'reports', password: 'secret' }] })
  const dataDir = makeDataDir()
  const port = await freePort()
  const env = {
    RUADAR_DATA_DIR: dataDir,
    RUADAR_PORT: String(port),
    RUADAR_IMAP_URL: `imaps://reports:secret@${dovecot.host}:${dovecot.ports.tls}/INBOX`,
    NODE_EXTRA_CA_CERTS: dovecot.caFile,
    RUADAR_LEASE_SECONDS: '3', // who lost the mailbox takes it up again after a third of it
  }
  const started: Running[] = []
  const launch = () => {
    const running = startNode('cli/bin/ruadar.js', ['start'], env)
    started.push(running)
    return running
  }
  let product: Running
  const start = async () => {
    product = launch()
    await product.waitFor(runs)
  }
  const startTwo = async () => {
    const two = [launch(), launch()] as const
    const [first, second] = two
    const ended = await Promise.race(two.map((running) => once(running.child, 'close').then(() => running)))
    product = ended === first ? second : first
    await product.waitFor(runs)
    return ended
  }
  const pidFile = () => readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
  const refused = withTwo ? await startTwo() : await start().then(() => undefined)
  const { stdout: token } = await runRuadar(['token', 'create', '--name', 'uploads'], env)
  const password = readFileSync(join(dataDir, 'postgres', 'ruadar-password'), 'utf8')
  const open = () => openDatabase(`postgres://ruadar:${password}@127.0.0.1:${pidFile()[3]}/ruadar`, { name: 'witness' })
  let database = await open()
  const uploads = startUploads(`http://127.0.0.1:${port}`, token.trim())
  const truth: Truth = { messages: 0, dmarcPass: 0, reports: 0 }
  return {
    dataDir,
    env,
    get database() {
      return database
    },
    async reopen() {
      await database.close()
      database = await open()
    },
    uploads,
    truth,
    product: () => product,
    start,
    startTwo,
    refused,
    launch,
    postmaster: () => Number(pidFile()[0]),
    async deliver(count, seed) {
      const before = truth.reports
      addMails(dovecot, 'reports', truth, uploads, { count, seed })
      await expect.poll(() => countStored(database).catch(() => 0), patience).toBeGreaterThanOrEqual(before + count / 4)
    },
    async stop() {
      await uploads.stop()
      expect(await product.end('SIGINT')).toBe(0)
      await expect.poll(() => processesOf(dataDir), patience).toEqual([])
    },
    async remove() {
      await uploads.stop()
      await database.close()
      await Promise.all(started.map((running) => running.end('SIGKILL')))
      await endServer(dataDir)
      await dovecot.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** What a failed test left running in a data folder. */
export async function endServer(dataDir: string): Promise<void> {
  try {
    const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
    process.kill(Number(pid), 'SIGQUIT') // PostgreSQL's immediate stop
  } catch {
    return // none runs
  }
  await expect.poll(() => processesOf(dataDir), patience).toEqual([])
}
