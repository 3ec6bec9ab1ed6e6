import { expect, it, vi } from 'vitest'
import { createDatabase } from '../../../../tests/harness/postgres.ts'
import { startRedis } from '../../../../tests/harness/redis.ts'
import { openDatabase } from '../database.ts'
import { openQueue } from './queue.ts'

it('stops although Redis is away, and not before the job in hand is done', async () => {
  const redis = await startRedis()
  const made = await createDatabase()
  const database = await openDatabase(made.url, { name: 'test' })
  const queue = await openQueue({ redisUrl: redis.url }, database)
  const onError = vi.fn<(error: Error) => void>()
  let end = () => {}
  const mayEnd = new Promise<void>((resolve) => (end = resolve))
  const taken: number[] = []
  const done: number[] = []
  const work = await queue.work(
    async (ids) => {
      taken.push(...ids)
      await mayEnd
      done.push(...ids)
    },
    { concurrency: 2, onError },
  )
  try {
    await queue.add([[7]])
    await vi.waitFor(() => expect(taken).toEqual([7]), { timeout: 20_000 })
    await redis.stop()
    await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(expect.objectContaining({ code: 'ECONNREFUSED' })), { timeout: 20_000 })
    const closed = work.close().then(() => [...done])
    end()
    expect(await closed).toEqual([7])
  } finally {
    await queue.close()
    await database.close()
    await made.drop()
  }
})
