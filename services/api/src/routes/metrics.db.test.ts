import { createLog, type MailQueue } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { parseMetrics } from '../../../../tests/harness/prometheus.ts'
import { useService } from '../../testing/service.ts'
import { buildApp } from '../app.ts'

const service = useService()

describe('/metrics', () => {
  it('answers anyone where the operator says so, and asks the house once for many who scrape', async () => {
    const { database, queue, settings } = service()
    let asked = 0
    const counting: MailQueue = {
      ...queue,
      depth() {
        asked++
        return queue.depth()
      },
    }
    const app = await buildApp({ database, queue: counting, settings: { ...settings, metrics: 'open' }, log: createLog(settings, 'test') })
    const answers = await Promise.all([app.inject('/metrics'), app.inject('/metrics'), app.inject('/metrics')])
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    expect(parseMetrics(answers[2]?.body ?? '').value('ruadar_mails_waiting')).toBe(0)
    expect(asked).toBe(1)
    await app.close()
  })

  it('tells numbers that could not be read as missing, and its own all the same', async () => {
    const { database, queue, settings, bearer } = service()
    const away: MailQueue = { ...queue, depth: () => Promise.reject(new Error('the queue is away')) }
    const app = await buildApp({ database, queue: away, settings, log: createLog(settings, 'test') })
    const { body } = await app.inject({ url: '/metrics', headers: bearer })
    const exported = parseMetrics(body)
    expect(exported.value('ruadar_house_up')).toBe(0)
    expect(exported.value('ruadar_mails_waiting')).toBeUndefined()
    expect(exported.value('ruadar_pool_connections{state="open"}')).toBeGreaterThan(0)
    await app.close()
  })

  it('makes no label of an address that somebody asks for', async () => {
    const { app, bearer } = service()
    await app.inject('/some/path-of-a-stranger')
    await app.inject({ url: '/api/v1/sources/192.0.2.99', headers: bearer })
    const { body } = await app.inject({ url: '/metrics', headers: bearer })
    expect(body).not.toMatch(/path-of-a-stranger|192\.0\.2/)
    expect(body).toMatch(/ruadar_answer_seconds_count\{question="page",/)
  })
})
