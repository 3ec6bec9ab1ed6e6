import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openDatabase } from '@ruadar/platform'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBinaries } from './binaries.ts'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './index.ts'
import { ownCluster, preparePlace } from './place.ts'
import { readIfThere } from './running.ts'
import { startServer, stopServer } from './server.ts'

const patience = { timeout: 30_000, interval: 50 }
const folders: string[] = []
const servers: EmbeddedPostgres[] = []
const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.stop()
  for (const folder of folders.splice(0)) {
    const pid = serverPid(folder)
    if (pid !== null) process.kill(pid, 'SIGQUIT') // PostgreSQL's immediate stop: a test left it behind on purpose
    await vi.waitFor(() => expect(pid !== null && isAlive(pid)).toBe(false), patience)
    rmSync(folder, { recursive: true, force: true })
  }
})

function makeEmptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-embedded-'))
  chmodSync(folder, 0o755) // as root, PostgreSQL runs as another user
  return folder
}

let template: string
beforeAll(async () => {
  template = makeEmptyFolder()
  await (await startEmbeddedPostgres(template)).stop()
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

/** A data folder with a stopped database in it: a copy is ten times as quick as initdb. */
function makeFolder(): string {
  const folder = makeEmptyFolder()
  execFileSync('cp', ['-a', join(template, 'postgres'), folder])
  folders.push(folder)
  return folder
}

async function start(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(folder, options)
  servers.push(server)
  return server
}

function serverPid(folder: string): number | null {
  const [pid] = readIfThere(join(folder, 'postgres', 'postmaster.pid')).split('\n')
  return pid ? Number(pid) : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** Another process that starts the embedded database, says so and stays. */
async function startElsewhere(folder: string): Promise<ChildProcess> {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)})
    const server = await startEmbeddedPostgres(process.argv[1])
    console.log(server.url)
    setInterval(() => {}, 1000)`
  const args = ['--import', 'tsx', '--conditions=source', '--input-type=module', '-e', program, folder]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

describe('the embedded PostgreSQL', () => {
  it('is version 18 on loopback only, with a password of its own, in a folder for nobody else', async () => {
    const folder = makeEmptyFolder()
    folders.push(folder)
    const { url } = await start(folder)
    const database = await openDatabase(url, { name: 'test' })
    const { rows } = await database.pool.query<{ version: string; addresses: string; encoding: string; user: string }>(
      `select current_setting('server_version') as version, current_setting('listen_addresses') as addresses,
        current_setting('server_encoding') as encoding, current_user as user`,
    )
    await database.close()
    expect(rows).toEqual([{ version: expect.stringMatching(/^18\./), addresses: '127.0.0.1', encoding: 'UTF8', user: 'ruadar' }])
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'postgres', 'ruadar-password')).mode & 0o777).toBe(0o600)
    const wrong = new URL(url)
    wrong.password = 'password'
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
  })

  it('keeps its data from one start to the next', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    await query(first.url, 'create table kept (value int); insert into kept values (7)')
    await first.stop()
    const second = await start(folder)
    expect(await query(second.url, 'select value from kept')).toEqual([{ value: 7 }])
  })

  it('can be stopped twice, and after its server has gone', async () => {
    const folder = makeFolder()
    const server = await start(folder)
    await server.stop()
    await server.stop()
    expect(serverPid(folder)).toBeNull()
  })

  it('refuses a second start on the same folder and names the process that runs', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    await expect(startEmbeddedPostgres(folder)).rejects.toMatchObject({
      name: 'OperatorError',
      message: `Ruadar already runs on the data folder ${folder} (process ${process.pid}).`,
      hint: expect.stringContaining('RUADAR_DATA_DIR'),
    })
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('stops its own server, not the one that another start has there in the next moment', async () => {
    const folder = makeFolder()
    const place = preparePlace(folder)
    await startServer(place)
    for (let change = 0; change < 8; change++) {
      const before = serverPid(folder)
      const stopping = stopServer(place)
      while (serverPid(folder) === before) await nextTurn()
      await startServer(place)
      const after = serverPid(folder)
      await stopping
      expect(serverPid(folder)).toBe(after)
    }
  })

  it('lets a guest use the server of the one that runs, and keeps it running when the guest goes', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    const guest = await start(folder, { asGuest: true })
    expect(guest).toMatchObject({ guest: true, url: first.url })
    await guest.stop()
    expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('takes over the server that a killed process left running', async () => {
    const folder = makeFolder()
    const elsewhere = await startElsewhere(folder)
    const pid = serverPid(folder)
    elsewhere.kill('SIGKILL')
    await once(elsewhere, 'exit')
    const server = await start(folder)
    expect(server.guest).toBe(false)
    expect(serverPid(folder)).toBe(pid)
    await server.stop()
    expect(serverPid(folder)).toBeNull()
  })

  it('starts when process and server were both killed, with all that was committed', async () => {
    const folder = makeFolder()
    const elsewhere = await startElsewhere(folder)
    const guest = await start(folder, { asGuest: true })
    await query(guest.url, 'create table kept (value int); insert into kept values (7)')
    elsewhere.kill('SIGKILL')
    await once(elsewhere, 'exit')
    const pid = serverPid(folder) ?? 0
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), patience)
    const server = await start(folder)
    expect(await query(server.url, 'select value from kept')).toEqual([{ value: 7 }])
  })

  it('does not take another program for its server when the pid file names one', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    await first.stop()
    writeFileSync(join(folder, 'postgres', 'postmaster.pid'), `${process.pid}\n${folder}/postgres\n1700000000\n1\n\n127.0.0.1\n`)
    const server = await start(folder)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('starts its server again, on the same port, when it was killed under us', async () => {
    const folder = makeFolder()
    const said: string[] = []
    const tell = (message: string) => said.push(message)
    const server = await start(folder, { onLost: tell, onBack: tell })
    const pid = serverPid(folder) ?? 0
    process.kill(pid, 'SIGKILL')
    await vi.waitFor(async () => expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]), patience)
    expect(serverPid(folder)).not.toBe(pid)
    await vi.waitFor(
      () => expect(said).toEqual(['The embedded database ended; it is being started again.', 'The embedded database runs again.']),
      patience,
    )
    await expect(startEmbeddedPostgres(folder)).rejects.toThrow('already runs')
  })

  it('leaves its server to a guest that still works, who stops it', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    const guest = await start(folder, { asGuest: true })
    await first.stop()
    expect(await query(guest.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await guest.stop()
    expect(serverPid(folder)).toBeNull()
  })

  it('starts over when an earlier first start was killed half way', async () => {
    const folder = makeEmptyFolder()
    folders.push(folder)
    mkdirSync(join(folder, 'postgres.new-99999999'))
    writeFileSync(join(folder, 'postgres.new-99999999', 'PG_VERSION'), '18\n')
    const server = await start(folder)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(existsSync(join(folder, 'postgres.new-99999999'))).toBe(false)
  })

  it.runIf(process.getuid?.() === 0)('takes a copy that root has made for its own', async () => {
    const folder = makeFolder()
    execFileSync('chown', ['-R', '0:0', join(folder, 'postgres')])
    const server = await start(folder)
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it.runIf(process.getuid?.() === 0)('says so to a user to whom its files do not belong', async () => {
    const folder = makeFolder()
    execFileSync('chmod', ['0777', folder])
    const place = { folder, cluster: join(folder, 'postgres'), binaries: findBinaries(), runAs: undefined, note: undefined }
    expect(() => ownCluster(place)).toThrow(`The embedded database in ${folder} belongs to another user.`)
  })

  it('says why its server does not start this time', async () => {
    const folder = makeFolder()
    const first = await start(folder)
    await first.stop()
    appendFileSync(join(folder, 'postgres.log'), '2026-01-01 00:00:00.000 UTC [1] FATAL:  of another time\n')
    writeFileSync(join(folder, 'postgres', 'postgresql.conf'), 'no_such_setting = on\n')
    await expect(startEmbeddedPostgres(folder)).rejects.toMatchObject({
      name: 'OperatorError',
      message: expect.stringMatching(/does not start: configuration file .* contains errors\.$/),
    })
  })

  it('has nothing to say of the end of a server whose folder has gone', async () => {
    const folder = makeFolder()
    const server = await start(folder)
    await server.stop()
    rmSync(join(folder, 'postgres'), { recursive: true })
    expect(server.whyEnded()).toBeNull()
  })

  it('says which folder cannot be written', async () => {
    const folder = makeFolder()
    writeFileSync(join(folder, 'file'), '')
    await expect(startEmbeddedPostgres(join(folder, 'file', 'data'))).rejects.toMatchObject({
      name: 'OperatorError',
      message: `The data folder ${join(folder, 'file', 'data')} cannot be written (ENOTDIR).`,
    })
  })
})
