import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './dovecot.ts'

export interface PgBouncer {
  /** The URL of the same database through the pooler. */
  urlOf(url: string): string
  stop(): Promise<void>
}

/**
 * Starts Debian's pgbouncer before the server of `url`, on a free port of 127.0.0.1: transaction pooling, with few enough connections that
 * clients have to share them. Rejects with its log when it does not answer within 10 s.
 */
export async function startPgBouncer(url: string): Promise<PgBouncer> {
  const binary = ['/usr/sbin/pgbouncer', '/usr/local/bin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path))
  if (!binary) throw new Error('The pooler test needs PgBouncer: apt install pgbouncer (it is not started as a service).')
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-pgbouncer-'))
  chmodSync(folder, 0o777) // as root, PgBouncer runs as another user
  const port = await freePort()
  const { hostname, port: serverPort, username, password } = new URL(url)
  writeFileSync(join(folder, 'users'), `"${username}" "${decodeURIComponent(password)}"\n`)
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users')}
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = options
logfile = ${join(folder, 'log')}
`,
  )
  const lendsItself = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const server = spawn(binary, ['-q', ...lendsItself, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' })
  process.once('exit', () => server.kill('SIGKILL'))
  const urlOf = (of: string) => {
    const changed = new URL(of)
    changed.port = String(port)
    return changed.href
  }
  for (let tries = 0; tries < 100 && server.exitCode === null; tries++) {
    if (await answers(urlOf(url))) return { urlOf, stop: () => end(server, folder) }
    await delay(100)
  }
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''
  await end(server, folder)
  throw new Error(`PgBouncer did not start:\n${log}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false // it does not listen yet
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function end(server: ChildProcess, folder: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGKILL')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}
