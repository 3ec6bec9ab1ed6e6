import { openDatabase, openQueue, sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { quietLog, readTotals, readWaiting } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { startRedis } from '../../../tests/harness/redis.ts'
import { testMail } from '../../../tests/harness/reports.ts'
import { createIntake, storeMails } from './intake.ts'
import { queueLost, sweepOnce } from './sweep.ts'

describe('intake', () => {
  const database = useDatabase()

  it('stores bytes once, however often and in whatever order they come', async () => {
    const mail = (text: string) => ({ raw: Buffer.from(text), origin: 'import' as const })
    const [a, b, again] = await storeMails(database().db, [mail('first'), mail('second'), mail('first')])
    expect([a?.isNew, b?.isNew, again?.isNew]).toEqual([true, true, false])
    expect(again?.id).toBe(a?.id)
    const later = await storeMails(database().db, [mail('second'), mail('third')])
    expect(later.map(({ isNew }) => isNew)).toEqual([false, true])
    expect(later[0]?.id).toBe(b?.id)
    await sql`delete from mails`.execute(database().db)
  })

  it('stores nothing when what belongs into the same transaction fails', async () => {
    const queue = await openQueue({ redisUrl: null }, database())
    const intake = createIntake({ database: database(), queue, log: quietLog })
    const failing = intake([{ raw: Buffer.from('never'), origin: 'imap' }], () => Promise.reject(new Error('no checkpoint')))
    await expect(failing).rejects.toThrow('no checkpoint')
    const { rows } = await sql<{ mails: number }>`select count(*) as mails from mails`.execute(database().db)
    expect(rows[0]?.mails).toBe(0)
    await queue.close()
  })

  it('lives through the end of a connection in the middle of a transaction, and stores the mails the next time', async () => {
    const queue = await openQueue({ redisUrl: null }, database())
    const intake = createIntake({ database: database(), queue, log: quietLog })
    const cut = intake([{ raw: Buffer.from('cut off'), origin: 'imap' }], async (trx) => {
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx)
    })
    await expect(cut).rejects.toThrow(/terminat/i)
    const [stored] = await intake([{ raw: Buffer.from('cut off'), origin: 'imap' }])
    expect(stored?.isNew).toBe(true)
    await sql`delete from mails`.execute(database().db)
    await queue.close()
  })

  it('stores mails while Redis is away, and queues them when it is back', async () => {
    const redis = await startRedis()
    const other = await openDatabase(database().url, { name: 'test' })
    const queue = await openQueue({ redisUrl: redis.url }, other)
    const intake = createIntake({ database: other, queue, log: quietLog })
    await redis.stop()
    const [stored] = await intake([{ raw: testMail({ reportId: 'redis away', records: [{ count: 4 }] }), origin: 'imap' }])
    expect(stored?.isNew).toBe(true)
    await queue.close()

    const back = await startRedis()
    const next = await openQueue({ redisUrl: back.url }, other)
    expect(await sweepOnce(other, next)).toBe(1)
    await readWaiting(other, next)
    expect((await readTotals(other)).sums.messages).toBe(4)
    await next.close()
    await back.stop()
    await other.close()
  })

  it('queues mails again whose jobs the queue has lost, and only those', async () => {
    const redis = await startRedis()
    const other = await openDatabase(database().url, { name: 'test' })
    const queue = await openQueue({ redisUrl: redis.url }, other)
    const intake = createIntake({ database: other, queue, log: quietLog })
    await intake([{ raw: testMail({ reportId: 'lost', records: [{ count: 5 }] }), origin: 'imap' }])
    const age = () => sql`update mails set queued_at = now() - interval '10 seconds' where state = 'stored'`.execute(other.db)
    await age()
    expect(await queueLost(other, queue)).toBe(0) // its job is there
    await redis.flush()
    expect(await queueLost(other, queue)).toBe(1)
    await age()
    expect(await queueLost(other, queue)).toBe(0)
    await redis.flush()
    await sql`update mails set queued_at = now() where state = 'stored'`.execute(other.db)
    expect(await queueLost(other, queue)).toBe(0) // its job may be on its way
    await age()
    expect(await queueLost(other, queue)).toBe(1)
    await readWaiting(other, queue)
    await queue.close()
    await redis.stop()
    await other.close()
  })
})
