import { describe, expect, it, vi } from 'vitest'
import { createDatabase } from '../../../../tests/harness/postgres.ts'
import { startRedis, startRedisCluster } from '../../../../tests/harness/redis.ts'
import { type Database, describeError, openDatabase, openQueue } from '../index.ts'

/** A test waits for what must happen, this long at most. */
const patience = { timeout: 20_000, interval: 20 }

/** A queue that is worked through, and the ids that were. */
async function workThrough(redisUrl: string | null) {
  const made = await createDatabase()
  const database = await openDatabase(made.url, { name: 'test' })
  const queue = await openQueue({ redisUrl }, database)
  const handled: number[] = []
  const handler = async (ids: readonly number[]) => {
    handled.push(...ids)
  }
  const work = await queue.work(handler, { concurrency: 2, onError: () => undefined })
  const close = async () => {
    await work.close()
    await queue.close()
    await database.close()
    await made.drop()
  }
  return { database, queue, handled, close }
}

describe('a queue keeps working', () => {
  it('after Redis was started again', async () => {
    const redis = await startRedis()
    const { queue, handled, close } = await workThrough(redis.url)
    try {
      await redis.restart()
      await vi.waitFor(() => queue.add([[7]]), patience)
      await vi.waitFor(() => expect(handled).toEqual([7]), patience)
    } finally {
      await close()
      await redis.stop()
    }
  })

  it('after every connection to PostgreSQL was cut', async () => {
    const { database, queue, handled, close } = await workThrough(null)
    try {
      await database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      )
      await vi.waitFor(() => queue.add([[7]]), patience)
      await vi.waitFor(() => expect(handled).toEqual([7]), patience)
    } finally {
      await close()
    }
  })

  it('on a Redis Cluster, of which it is told one server', async () => {
    const cluster = await startRedisCluster(3)
    const { queue, handled, close } = await workThrough(cluster.url)
    try {
      await queue.add([[1, 2], [3], [4, 5]])
      await vi.waitFor(() => expect(handled.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]), patience)
      await vi.waitFor(async () => expect(await queue.depth()).toEqual({ waiting: 0, active: 0 }), patience)
    } finally {
      await close()
      await cluster.stop()
    }
  })
})

describe('opening the queue on Redis', () => {
  const database = {} as Database // not reached: Redis is asked first

  it('names the host and what to do when Redis is away', async () => {
    const redis = await startRedis()
    await redis.stop()
    const { host } = new URL(redis.url)
    await expect(openQueue({ redisUrl: redis.url }, database)).rejects.toMatchObject({
      name: 'OperatorError',
      message: expect.stringMatching(new RegExp(`^Redis at ${host} cannot be used: .*ECONNREFUSED.*\\.$`)),
      hint: expect.stringContaining('leave REDIS_URL empty to keep the queue in PostgreSQL'),
    })
  })

  it('says that the password is wrong without showing it', async () => {
    const redis = await startRedis({ password: 'right-one' })
    try {
      const url = redis.url.replace('right-one', 'wrong-one')
      const error = await openQueue({ redisUrl: url }, database).catch((reason: unknown) => reason as Error)
      expect(error).toMatchObject({ name: 'OperatorError', message: expect.stringMatching(/WRONGPASS/) })
      expect(describeError(error)).not.toContain('wrong-one')
    } finally {
      await redis.stop()
    }
  })
})
