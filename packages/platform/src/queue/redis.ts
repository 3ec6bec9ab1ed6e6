import { Queue, Worker } from 'bullmq'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Log } from '../log.ts'
import { OperatorError } from '../operator-error.ts'
import { watchOutages } from '../outage.ts'
import type { QueueName, QueueParts } from './parts.ts'

/** In braces: the keys of all queues share one slot of a Redis Cluster, as the scripts of BullMQ need. */
const prefix = '{ruadar}'
/** A Redis that hangs keeps its connections open: who adds a job, or looks whether it lives, waits for no longer. Longer than a slow disk takes. */
const commandTimeout = 10_000
/** How often is looked whether it takes what is written: who has no job in hand would not hear of its end, or that it works again. */
const lookMs = 5_000

export async function openRedisParts(url: string, name: QueueName, log: Log | null): Promise<QueueParts> {
  const { isCluster } = await probe(url)
  // One queue of a process tells of the server that all of them share.
  const outages = log && name === 'mails' ? watchOutages(log, `Redis at ${new URL(url).host}`) : undefined
  const connections: (Redis | Cluster)[] = []
  let disconnected = false
  const connect = (options: ConnectOptions) => {
    const redis = isCluster ? openCluster(url, options) : new Redis(url, options)
    redis.on('error', (error) => outages?.failed(error)) // it reconnects by itself; who asks meanwhile is told
    // One that comes back at once makes no error: what was in it may be gone all the same.
    redis.on('close', () => !disconnected && outages?.failed(new Error('Connection is closed.')))
    redis.on('ready', () => outages?.answered(false))
    connections.push(redis)
    return redis
  }
  // Who adds has to be told at once that Redis is away: the mail is safe in the database, and the sweep adds it later.
  const adding = connect({ maxRetriesPerRequest: 1, commandTimeout })
  const queue = new Queue(name, { prefix, connection: adding })
  queue.on('error', () => undefined)
  await queue.waitUntilReady() // one that never was ready waits for ever where it should reject
  const look = () =>
    adding.set(`${prefix}:alive`, '1', 'EX', 60).then(
      () => outages?.answered(true),
      (error) => !disconnected && outages?.failed(error), // one that is under way at the end
    )
  const looks = outages && setInterval(() => void look(), lookMs).unref()
  return {
    backend: 'redis',
    queue,
    outages,
    // A worker waits for Redis for ever, as BullMQ demands.
    makeWorker: (process, options) =>
      new Worker(name, process, { ...options, prefix, connection: connect({ maxRetriesPerRequest: null }) }),
    disconnect() {
      disconnected = true
      clearInterval(looks)
      for (const redis of connections) redis.disconnect()
      return Promise.resolve()
    },
  }
}

type ConnectOptions = Pick<RedisOptions, 'maxRetriesPerRequest' | 'commandTimeout'>

/** Of the servers of a cluster the one in the URL is asked for the others. They share its user, password and TLS. */
function openCluster(url: string, options: ConnectOptions): Cluster {
  const { host, port, username, password, tls } = new Redis(url, { lazyConnect: true }).options
  return new Cluster([{ host: host ?? '127.0.0.1', port: port ?? 6379 }], {
    // With TLS the name has to stay a name: certificates are made out to it.
    ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
    maxRedirections: 16,
    redisOptions: {
      ...options,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(tls ? { tls } : {}),
    },
  })
}

/** Throws an OperatorError in words when Redis is away. */
async function probe(url: string): Promise<{ isCluster: boolean }> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: 5000 })
  // What connect() rejects with is "Connection is closed."; the reason is in the event before.
  let reason: Error | undefined
  redis.on('error', (error: Error) => {
    reason ??= error
  })
  try {
    await redis.connect()
    await redis.ping()
    return { isCluster: /^cluster_enabled:1/m.test(await redis.info('cluster')) }
  } catch (error) {
    const { message } = reason ?? (error as Error)
    throw new OperatorError(
      `Redis at ${new URL(url).host} cannot be used: ${message.replace(/\.$/, '')}.`,
      'Start it, correct REDIS_URL, or leave REDIS_URL empty to keep the queue in PostgreSQL.',
      { cause: error },
    )
  } finally {
    redis.disconnect()
  }
}
