import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDatabase } from '../../../../tests/harness/postgres.ts'
import { type RedisServer, startRedis } from '../../../../tests/harness/redis.ts'
import { type Database, type JobKind, type MailQueue, openDatabase, openJobQueue, openQueue, type Work } from '../index.ts'

/** Backoff and scheduling are BullMQ's; a test waits for what must happen, this long at most. */
const patience = { timeout: 20_000, interval: 20 }

/** Something that handlers can wait for until the test opens it. */
function makeGate(): { opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

describe.each(['postgres', 'redis'] as const)('mail queue on %s', (backend) => {
  let redis: RedisServer | undefined
  let database: Database
  let drop: () => Promise<void>
  let queue: MailQueue
  const works: Work[] = []

  beforeAll(async () => {
    if (backend === 'redis') redis = await startRedis()
  })
  afterAll(() => redis?.stop())

  beforeEach(async () => {
    const made = await createDatabase()
    drop = made.drop
    database = await openDatabase(made.url, { name: 'test' })
    await redis?.flush()
    queue = await openQueue({ redisUrl: redis?.url ?? null }, database)
  })
  afterEach(async () => {
    await Promise.all(works.splice(0).map((work) => work.close()))
    await queue.close()
    await database.close()
    await drop()
  })

  async function work(handler: (mailIds: readonly number[]) => Promise<void>, concurrency = 4): Promise<Work> {
    const started = await queue.work(handler, { concurrency, onError: () => undefined })
    works.push(started)
    return started
  }

  /** A job for each. */
  async function addEach(ids: readonly number[]): Promise<void> {
    await queue.add(ids.map((id) => [id]))
  }

  const isEmpty = () => vi.waitFor(async () => expect(await queue.depth()).toEqual({ waiting: 0, active: 0 }), patience)

  it('says which backend it is', () => {
    expect(queue.backend).toBe(backend)
  })

  it('hands every added id to a handler once', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1)
    await queue.add([ids.slice(0, 50), ids.slice(50, 100), ids.slice(100, 150)])
    const handled: number[] = []
    let calls = 0
    await work(async (together) => {
      calls++
      handled.push(...together)
    })
    await queue.add([ids.slice(150)])
    await vi.waitFor(() => expect(handled.length).toBeGreaterThanOrEqual(200), patience)
    await isEmpty()
    expect(calls).toBe(4)
    expect(handled.toSorted((a, b) => a - b)).toEqual(ids)
  })

  it('hands every id to one of two processes only', async () => {
    const other = await openQueue({ redisUrl: redis?.url ?? null }, database)
    try {
      const ids = Array.from({ length: 100 }, (_, index) => index + 1)
      await addEach(ids)
      const handled: number[] = []
      const handler = async (together: readonly number[]) => {
        await delay(2)
        handled.push(...together)
      }
      await work(handler)
      works.push(await other.work(handler, { concurrency: 4, onError: () => undefined }))
      await vi.waitFor(() => expect(handled.length).toBeGreaterThanOrEqual(100), patience)
      await isEmpty()
      expect(handled.toSorted((a, b) => a - b)).toEqual(ids)
      await Promise.all(works.splice(0).map((started) => started.close()))
    } finally {
      await other.close()
    }
  })

  it('hands ids that were added twice while they waited to a handler once', async () => {
    await queue.add([[7, 8], [9]])
    await queue.add([[9], [7, 8]])
    expect(await queue.depth()).toEqual({ waiting: 2, active: 0 })
    const handled: number[] = []
    await work(async (ids) => {
      handled.push(...ids)
    })
    await isEmpty()
    expect(handled.toSorted((a, b) => a - b)).toEqual([7, 8, 9])
  })

  it('takes an id again that was handled before, as "read again" needs', async () => {
    const handled: number[] = []
    await work(async (ids) => {
      handled.push(...ids)
    })
    await queue.add([[7]])
    await isEmpty()
    await queue.add([[7]])
    await vi.waitFor(() => expect(handled).toEqual([7, 7]), patience)
  })

  it('asks again when a handler throws', async () => {
    let calls = 0
    await work(async () => {
      if (++calls === 1) throw new Error('the database is away')
    })
    await queue.add([[7]])
    await vi.waitFor(() => expect(calls).toBe(2), patience)
    await isEmpty()
  })

  it('goes on with others while one job is waiting to be asked again', async () => {
    const handled: number[] = []
    await work(async ([id = 0]) => {
      if (id === 1) throw new Error('never right')
      handled.push(id)
    }, 1)
    await addEach([1, 2, 3])
    await vi.waitFor(() => expect(handled).toEqual([2, 3]), patience)
    expect((await queue.depth()).waiting).toBe(1)
  })

  it('counts waiting and active jobs', async () => {
    const gate = makeGate()
    await work(() => gate.opened, 2)
    await addEach([1, 2, 3, 4, 5])
    await vi.waitFor(async () => expect(await queue.depth()).toEqual({ waiting: 3, active: 2 }), patience)
    gate.open()
    await isEmpty()
  })

  it('waits at close for what is in hand and takes nothing new', async () => {
    const gate = makeGate()
    const begun: number[] = []
    const ended: number[] = []
    const started = await work(async (ids) => {
      begun.push(...ids)
      await gate.opened
      ended.push(...ids)
    }, 1)
    await addEach([1, 2])
    await vi.waitFor(() => expect(begun).toEqual([1]), patience)
    let closed = false
    const closing = started.close().then(() => {
      closed = true
    })
    await delay(200)
    expect(closed).toBe(false)
    gate.open()
    await closing
    expect({ begun, ended }).toEqual({ begun: [1], ended: [1] })
    expect((await queue.depth()).waiting).toBe(1)
  })

  it('keeps the jobs of a second queue apart, even those with the same id', async () => {
    const kind: JobKind<{ id: number }> = { name: 'lookups', jobId: ({ id }) => `mail-${id}`, attempts: 2 }
    const second = await openJobQueue(kind, { redisUrl: redis?.url ?? null }, database)
    try {
      await queue.add([[7]])
      await second.add([{ id: 7 }, { id: 8 }, { id: 8 }])
      expect([await queue.depth(), await second.depth()]).toEqual([
        { waiting: 1, active: 0 },
        { waiting: 2, active: 0 },
      ])
      const handled: number[] = []
      let calls = 0
      const working = await second.work(
        async ({ id }) => {
          if (++calls === 1) throw new Error('the database is away')
          handled.push(id)
        },
        { concurrency: 4, onError: () => undefined },
      )
      await vi.waitFor(() => expect(handled.toSorted((a, b) => a - b)).toEqual([7, 8]), patience)
      await vi.waitFor(async () => expect(await second.depth()).toEqual({ waiting: 0, active: 0 }), patience)
      await working.close()
      expect(await queue.depth()).toEqual({ waiting: 1, active: 0 })
    } finally {
      await second.close()
    }
  })

  it('needs nothing to add nothing', async () => {
    await queue.add([])
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0 })
  })
})
