import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { mailOwner, writeDovecotConfig, type DovecotUser } from './dovecot-config.ts'

export interface Dovecot {
  host: string
  ports: { plain: number; tls: number }
  /** Certificate of the server, which signed itself. */
  caFile: string
  /** Folder of a user's INBOX; other folders are `.Name` inside it. */
  maildir(user: string, folder?: string): string
  /** Puts a mail into `new/` as a delivery agent would; `at` becomes its INTERNALDATE. Returns its file name. */
  addMail(user: string, folder: string, bytes: string | Uint8Array, at?: Date): string
  /** What the server wrote to its log so far. */
  log(): string
  stop(): Promise<void>
  restart(): Promise<void>
  /** Ends the server and its sessions without a word to its clients. */
  kill(): Promise<void>
}

/**
 * Starts Debian's dovecot-imapd 2.3 with a configuration of its own on free ports of 127.0.0.1, as root or not.
 * `tls: false` gives a server without STARTTLS, `capability` one that says it can do no more than that. Rejects with its log when it does not come up within 10 s.
 */
export async function startDovecot(options: {
  users: readonly DovecotUser[]
  tls?: boolean
  oauth?: string
  capability?: string
}): Promise<Dovecot> {
  const binary = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot', '/usr/bin/dovecot'].find((path) => existsSync(path))
  if (!binary) throw new Error('The mailbox tests need Dovecot: apt install dovecot-imapd (it is not started as a service).')
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-dovecot-'))
  chmodSync(folder, 0o755)
  const ports = { plain: await freePort(), tls: await freePort() }
  const path = writeDovecotConfig({
    folder,
    ports,
    users: options.users,
    tls: options.tls ?? true,
    introspectionUrl: options.oauth,
    capability: options.capability,
  })
  const log = () => (existsSync(join(folder, 'dovecot.log')) ? readFileSync(join(folder, 'dovecot.log'), 'utf8') : '')
  let server = await start(binary, path, ports.plain, log)
  let delivered = 0

  function maildir(user: string, name = 'INBOX'): string {
    const inbox = join(folder, 'homes', user, 'Maildir')
    return name === 'INBOX' ? inbox : join(inbox, `.${name}`)
  }
  function addMail(user: string, name: string, bytes: string | Uint8Array, at?: Date): string {
    const target = maildir(user, name)
    if (!existsSync(join(target, 'new'))) makeMaildir(join(folder, 'homes', user), target)
    // Dovecot orders new mails by file name, and takes the modification time as INTERNALDATE.
    const file = `${String(1_700_000_000 + ++delivered)}.M${delivered}.localhost`
    const written = join(target, 'tmp', file)
    writeFileSync(written, bytes)
    chownSync(written, mailOwner.uid, mailOwner.gid)
    if (at) utimesSync(written, at, at)
    renameSync(written, join(target, 'new', file))
    return file
  }
  return {
    host: '127.0.0.1',
    ports,
    caFile: join(folder, 'certificate.pem'),
    maildir,
    addMail,
    log,
    async stop() {
      await end(server, 'SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
    async restart() {
      await end(server, 'SIGTERM')
      server = await start(binary, path, ports.plain, log)
    },
    async kill() {
      await end(server, 'SIGKILL')
    },
  }
}

function makeMaildir(home: string, maildir: string): void {
  for (const path of [home, join(home, 'Maildir'), maildir, ...['tmp', 'new', 'cur'].map((name) => join(maildir, name))]) {
    if (existsSync(path)) continue
    mkdirSync(path, { mode: 0o700 })
    chownSync(path, mailOwner.uid, mailOwner.gid)
  }
}

/** Runs in a process group of its own, so that `end` reaches the sessions too. */
async function start(binary: string, config: string, port: number, log: () => string): Promise<ChildProcess> {
  const server = spawn(binary, ['-F', '-c', config], { detached: true, stdio: 'ignore' })
  process.once('exit', () => signalGroup(server, 'SIGKILL'))
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) break
    if (await answers(port)) return server
    await delay(100)
  }
  signalGroup(server, 'SIGKILL')
  throw new Error(`Dovecot did not start:\n${log()}`)
}

async function end(server: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  signalGroup(server, signal)
  await ended
  signalGroup(server, 'SIGKILL')
}

function signalGroup(server: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (server.pid) process.kill(-server.pid, signal)
  } catch {
    // ESRCH: every process of the group has ended already.
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('data', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return address.port
}
