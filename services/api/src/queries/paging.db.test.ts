import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { tlsFailure, tlsPolicy } from '@ruadar/tests/harness/other-kinds'
import { storeFailure, storeTls } from '../../testing/other-kinds.ts'
import { type Row, storeReport } from '../../testing/reports.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

interface Answer {
  items: Record<string, unknown>[]
  next: string | null
}

/** Follows `next` to the end. */
async function readAll(path: string, key: string): Promise<unknown[]> {
  const keys: unknown[] = []
  let after = ''
  for (let pages = 0; pages < 200; pages++) {
    const { items, next } = await service().ask<Answer>(`${path}${after}`)
    keys.push(...items.map((item) => item[key]))
    if (next === null) return keys
    after = `&after=${next}`
  }
  throw new Error('the pages do not end')
}

describe('paging', () => {
  let bigReport: string
  beforeAll(async () => {
    const { database } = service()
    // Many ties: 60 sources with just three different sums, reports of the same few days.
    const rows = Array.from(
      { length: 60 },
      (_, index): Row => ({ sourceIp: `192.0.2.${index + 1}`, count: (index % 3) + 1, dkim: index % 2 ? 'pass' : 'fail' }),
    )
    bigReport = (await storeReport(database, { day: '2026-03-15', rows })).id
    for (let index = 0; index < 20; index++) {
      await storeFailure(database, { arrivalDate: Date.parse('2026-03-15T00:00:00Z') / 1000 + Math.floor(index / 5) })
      await storeTls(database, {
        day: `2026-03-1${index % 3}`,
        policies: [tlsPolicy({ failureDetails: [tlsFailure({ resultType: `type-${index}`, failedSessions: 1 + (index % 3) })] })],
      })
    }
    for (let index = 0; index < 40; index++) await storeReport(database, { day: `2026-03-${10 + (index % 4)}`, rows: [{}] })
  })

  it.each([
    ['/sources?limit=7', 'source', 60],
    ['/sources?sort=messages&limit=7', 'source', 60],
    ['/sources?limit=7&dmarc=fail', 'source', 30],
    ['/reports?limit=7', 'id', 41],
    ['/reports?limit=40', 'id', 41],
    ['/reports?limit=41', 'id', 41],
    ['/failures?limit=7', 'id', 20],
    ['/tls/reports?limit=7', 'id', 20],
    ['/tls/reports?limit=20&domain=example.com', 'id', 20],
    ['/tls/failures?limit=7', 'resultType', 20],
    ['/ingest/mails?limit=7', 'id', 81],
    ['/ingest/mails?limit=7&state=imported', 'id', 81],
  ])('%s reaches every row exactly once', async (path, key, count) => {
    const keys = await readAll(path, key)
    expect(keys).toHaveLength(count)
    expect(new Set(keys).size).toBe(count)
  })

  it('reaches every record of a report in its order', async () => {
    const rows = await readAll(`/reports/${bigReport}/records?limit=11`, 'row')
    expect(rows).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
  })

  it('does not repeat or skip reports when new ones arrive in between', async () => {
    const first = await service().ask<Answer>('/reports?limit=10')
    await storeReport(service().database, { day: '2026-03-20', rows: [{}] })
    const second = await service().ask<Answer>(`/reports?limit=10&after=${first.next}`)
    const ids = [...first.items, ...second.items].map((item) => item['id'])
    expect(new Set(ids).size).toBe(20)
    await sql`delete from reports where day = '2026-03-20'`.execute(service().database.db)
  })

  it.each([
    ['/sources', Buffer.from('{"sort":"failing","rank":1,"messages":1,"source":"x"}').toString('base64url'), 'bad_source'],
    ['/sources', Buffer.from('{"sort":"failing"}').toString('base64url'), 'bad_cursor'],
    ['/reports', Buffer.from('{"day":"2026-99-99","id":1}').toString('base64url'), 'bad_cursor'],
    ['/reports', Buffer.from('{"day":"2026-03-01","id":1.5}').toString('base64url'), 'bad_cursor'],
    ['/reports', Buffer.from('{"day":"2026-03-01","id":1e300}').toString('base64url'), 'bad_cursor'],
    ['/ingest/mails', Buffer.from('"1"').toString('base64url'), 'bad_cursor'],
    ['/ingest/mails', 'AAAA', 'bad_cursor'],
    ['/failures', Buffer.from('{"arrivedAt":"yesterday","id":1}').toString('base64url'), 'bad_cursor'],
    ['/tls/reports', Buffer.from('{"day":"2026-99-99","id":1}').toString('base64url'), 'bad_cursor'],
    ['/tls/failures', Buffer.from('{"sessions":1}').toString('base64url'), 'bad_cursor'],
    ['/deviations', Buffer.from('{"reports":1,"reporterId":1,"kind":"x","code":"","path":""}').toString('base64url'), 'bad_cursor'],
  ])('%s refuses the made-up cursor %s', async (path, after, code) => {
    const { app, bearer } = service()
    const answer = await app.inject({ url: `/api/v1${path}?after=${after}`, headers: bearer })
    expect(answer.json()).toMatchObject({ status: 400, code })
  })
})
