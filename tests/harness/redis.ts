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
  /** Ends the server and starts an empty one on the same port, so many milliseconds later. */
  restart(awayMs?: number): Promise<void>
  /** The server stops in the middle of what it does, without closing a connection, and goes on so many milliseconds later. */
  hang(ms: number): Promise<void>
  /** Jobs of the queue of mails that nobody has taken yet. */
  countWaiting(): Promise<number>
  /** `config set maxmemory`: 1 leaves room for nothing more, 0 lifts it. */
  setMemory(bytes: number): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's redis-server on a free port of 127.0.0.1, without persistence. Rejects when it does not answer within 10 s. */
export async function startRedis(options: { password?: string; cluster?: boolean } = {}): Promise<RedisServer> {
  const binary = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find((path) => existsSync(path))
  if (!binary) throw new Error('The queue tests need Redis: apt install redis-server (it is not started as a service).')
  const folder = mkdtempSync(join(tmpdir(), 'ruadar-redis-'))
  const port = await freePort()
  const { password } = options
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  if (password) args.push('--requirepass', password)
  if (options.cluster) args.push('--cluster-enabled', 'yes', '--cluster-node-timeout', '2000')
  let server = await start(binary, args, url)
  return {
    url,
    flush: () => withClient(url, async (client) => void (await client.flushall())),
    async restart(awayMs = 0) {
      await end(server)
      await delay(awayMs)
      server = await start(binary, args, url)
    },
    async hang(ms) {
      server.kill('SIGSTOP')
      await delay(ms)
      server.kill('SIGCONT')
    },
    countWaiting: () => withClient(url, (client) => client.llen('{ruadar}:mails:wait')),
    setMemory: (bytes) => withClient(url, async (client) => void (await client.config('SET', 'maxmemory', bytes))),
    async stop() {
      await end(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A Redis Cluster of so many servers, without copies. `url` names the last one, which does not hold the slots of every key. */
export async function startRedisCluster(servers: number): Promise<{ url: string; stop(): Promise<void> }> {
  const started: RedisServer[] = []
  for (let number = 0; number < servers; number++) started.push(await startRedis({ cluster: true }))
  const slots = 16_384
  const share = Math.ceil(slots / servers)
  const [first] = started
  for (const [number, { url }] of started.entries()) {
    await withClient(url, async (client) => {
      await client.cluster('ADDSLOTSRANGE', number * share, Math.min((number + 1) * share, slots) - 1)
      await client.call('cluster', 'set-config-epoch', String(number + 1))
      if (first) await client.cluster('MEET', '127.0.0.1', Number(new URL(first.url).port))
    })
  }
  for (const { url } of started) {
    while (!(await withClient(url, (client) => client.cluster('INFO'))).includes('cluster_state:ok')) await delay(50)
  }
  return { url: started.at(-1)?.url ?? '', stop: async () => void (await Promise.all(started.map((server) => server.stop()))) }
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

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}
