import { createLog, type MailQueue } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { useService } from '../../testing/service.ts'
import { buildApp } from '../app.ts'

const service = useService()

describe('health', () => {
  it('is told to anyone', async () => {
    const { app } = service()
    for (const url of ['/healthz', '/readyz']) {
      const answer = await app.inject(url)
      expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
    }
  })

  it('says which part is away, while the process is alive', async () => {
    const { database, queue, settings } = service()
    const never: MailQueue = { ...queue, depth: () => new Promise(() => undefined) }
    const app = await buildApp({ database, queue: never, settings, log: createLog(settings, 'test') })
    const [alive, ready] = await Promise.all([app.inject('/healthz'), app.inject('/readyz')])
    expect(alive.statusCode).toBe(200)
    expect(ready.json()).toMatchObject({ status: 503, code: 'queue_away' })
    await app.close()
  })
})
