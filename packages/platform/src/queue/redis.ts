import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { OperatorError } from '../operator-error.ts'
import type { QueueName, QueueParts } from './parts.ts'

const prefix = 'ruadar'

export async function openRedisParts(url: string, name: QueueName): Promise<QueueParts> {
  await assertRedis(url)
  const connections: Redis[] = []
  const connect = (maxRetriesPerRequest: number | null) => {
    const redis = new Redis(url, { maxRetriesPerRequest })
    redis.on('error', () => undefined) // it reconnects by itself; who asks meanwhile is told
    connections.push(redis)
    return redis
  }
  // Who adds has to be told at once that Redis is away: the mail is safe in the database, and the sweep adds it later.
  const queue = new Queue(name, { prefix, connection: connect(1) })
  queue.on('error', () => undefined)
  await queue.waitUntilReady() // one that never was ready waits for ever where it should reject
  return {
    backend: 'redis',
    queue,
    // A worker waits for Redis for ever, as BullMQ demands.
    makeWorker: (process, options) => new Worker(name, process, { ...options, prefix, connection: connect(null) }),
    disconnect() {
      for (const redis of connections) redis.disconnect()
      return Promise.resolve()
    },
  }
}

async function assertRedis(url: string): Promise<void> {
  const probe = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: 5000 })
  // What connect() rejects with is "Connection is closed."; the reason is in the event before.
  let reason: Error | undefined
  probe.on('error', (error: Error) => {
    reason ??= error
  })
  try {
    await probe.connect()
    await probe.ping()
  } catch (error) {
    const { message } = reason ?? (error as Error)
    throw new OperatorError(
      `Redis at ${new URL(url).host} cannot be used: ${message.replace(/\.$/, '')}.`,
      'Start it, correct REDIS_URL, or leave REDIS_URL empty to keep the queue in PostgreSQL.',
      { cause: error },
    )
  } finally {
    probe.disconnect()
  }
}
