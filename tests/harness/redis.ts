import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { freePort } from './dovecot.ts'

export interface RedisServer {
  /** For REDIS_URL. */
  url: string
  /** Removes every key, as a Redis without persistence does when it is started again. */
  flush(): Promise<void>
  /** Ends the server and starts an empty one on the same port. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's redis-server on a free port of 127.0.0.1, without persistence. Rejects when it does not answer within 10 s. */
export async function startRedis(options: { password?: string } = {}): Promise<RedisServer> {
  const binary = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path))
  if (!binary) throw new Error('The queue tests need Redis: apt install redis-server (it is not started as a service).')
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-redis-'))
  const port = await freePort()
  const { password } = options
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  if (password) args.push('--requirepass', password)
  let server = await start(binary, args, url)
  return {
    url,
    flush: () => withClient(url, (client) => client.flushall()),
    async restart() {
      await end(server)
      server = await start(binary, args, url)
    },
    async stop() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(binary: string, args: string[], url: string): Promise<ChildProcess> {
  const server = spawn(binary, args, { stdio: 'ignore' })
  process.once('exit', () => server.kill('SIGKILL'))
  for (let tries = 0; tries < 100; tries++) {
    if (server.exitCode !== null) break
    try {
      await withClient(url, (client) => client.ping())
      return server
    } catch {
      await delay(100) // it does not listen yet
    }
  }
  server.kill('SIGKILL')
  throw new Error(`redis-server did not start (exit code ${server.exitCode})`)
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGKILL')
  await ended
}

async function withClient(url: string, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await work(client)
  } finally {
    client.disconnect()
  }
}
