import type { MailItem, RecordItem, ReportDetail, ReportItem, Summary, UploadResult } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeReport } from '../../testing/reports.ts'
import { form, reportXml, useReader } from '../../testing/reader.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
useReader(service)

const get = (url: string) => service().app.inject({ url: `/api/v1${url}`, headers: service().bearer })
const post = (url: string) => service().app.inject({ method: 'POST', url: `/api/v1${url}`, headers: service().bearer })

describe('reports', () => {
  let id: string
  const xml = reportXml({ reportId: 'down-to-the-xml' })
  beforeAll(async () => {
    const { payload, headers } = form({ filename: 'a.xml', content: xml })
    const answer = await service().app.inject({
      method: 'POST',
      url: '/api/v1/reports',
      headers: { ...service().bearer, ...headers },
      payload,
    })
    id = answer.json<UploadResult>().files[0]?.outcomes[0]?.reportId ?? ''
  })

  it('can be followed from the list to the rows and the raw XML', async () => {
    const { items } = await service().ask<{ items: ReportItem[] }>('/reports?domain=example.com')
    expect(items).toEqual([
      {
        id,
        reporter: 'mx.example',
        domain: 'example.com',
        reportId: 'down-to-the-xml',
        begin: '2026-03-30T00:00:00.000Z',
        end: '2026-03-30T23:59:59.000Z',
        day: '2026-03-30',
        records: 2,
        messages: 15,
        dmarcPass: 12,
        dmarcFail: 3,
        dkimAligned: 12,
        spfAligned: 0,
        state: 'counted',
        warnings: expect.any(Number),
        storedAt: expect.any(String),
      },
    ])
    const detail = await service().ask<ReportDetail>(`/reports/${id}`)
    expect(detail).toMatchObject({
      ...items[0],
      orgName: 'mx.example',
      policy: { p: 'none', adkim: 'r', pct: 100, np: null },
      conflictsWith: null,
    })
    expect(detail.warningList).toHaveLength(detail.warnings)
    const { items: rows } = await service().ask<{ items: RecordItem[] }>(`/reports/${id}/records`)
    expect(rows.map((row) => [row.row, row.source, row.messages, row.dkim, row.recomputed.dmarc])).toEqual([
      [1, '192.0.2.1', 12, 'pass', 'pass'],
      [2, '198.51.100.7', 3, 'fail', 'fail'],
    ])
    expect(rows[1]?.authDkim).toEqual([{ domain: 'esp.example', selector: 's', result: 'pass', humanResult: null, aligned: false }])
  })

  it('give their XML back byte for byte, as text that no browser interprets', async () => {
    const answer = await get(`/reports/${id}/xml`)
    expect(answer.body).toBe(xml)
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
    expect(answer.headers['content-disposition']).toBeUndefined()
    const download = await get(`/reports/${id}/xml?download=1`)
    expect(download.headers['content-disposition']).toBe(`attachment; filename="report-${id}.xml"`)
  })

  it('say so when the mail is gone', async () => {
    const stored = await storeReport(service().database, { day: '2026-03-05', domain: 'gone.example', rows: [{}] })
    await sql`update mails set raw = null where id = ${Number(stored.mailId)}`.execute(service().database.db)
    expect((await get(`/reports/${stored.id}/xml`)).json()).toMatchObject({ status: 404, code: 'xml_gone' })
  })

  it('show only the rows that a filter is about', async () => {
    const ask = async (query: string) =>
      (await service().ask<{ items: RecordItem[] }>(`/reports/${id}/records?${query}`)).items.map((row) => row.row)
    expect(await ask('source=198.51.100.7')).toEqual([2])
    expect(await ask('dmarc=pass')).toEqual([1])
    expect(await ask('headerFrom=other.example')).toEqual([])
  })

  it('keep a conflict out of every sum until an operator lets it count, and back', async () => {
    const { database, ask } = service()
    const key = { day: '2026-03-10', domain: 'conflict.example', reporter: 'twice.example', reportId: 'same' }
    const first = await storeReport(database, { ...key, rows: [{ count: 10 }] })
    const second = await storeReport(database, { ...key, rows: [{ count: 25 }] })
    const sum = async () => (await ask<Summary>('/summary?domain=conflict.example')).messages
    expect([first.outcome, second.outcome, await sum()]).toEqual(['imported', 'conflict', 10])
    const { items } = await ask<{ items: ReportItem[] }>('/reports?domain=conflict.example&state=conflict')
    expect(items.map((item) => item.id)).toEqual([second.id])
    expect(await ask(`/reports/${second.id}`)).toMatchObject({ state: 'conflict', conflictsWith: first.id })
    expect(await ask(`/reports/${first.id}`)).toMatchObject({ state: 'counted', conflictsWith: second.id })

    const switched = await post(`/reports/${second.id}/count`)
    expect(switched.json<ReportDetail>()).toMatchObject({ id: second.id, state: 'counted', conflictsWith: first.id })
    expect(await sum()).toBe(25)
    await post(`/reports/${second.id}/count`)
    expect(await sum()).toBe(25)
    await post(`/reports/${first.id}/count`)
    expect(await sum()).toBe(10)
  })

  it('say that their records were deleted by the retention setting, and refuse to be switched then', async () => {
    const { database, ask } = service()
    const stored = await storeReport(database, { domain: 'old.example', reporter: 'old.example', day: '2020-03-10', rows: [{ count: 7 }] })
    expect(await ask(`/reports/${stored.id}`)).toMatchObject({ recordsDeleted: null })
    await sql`insert into deleted_days (kind, from_day, to_day, rows) values ('records', '2020-03-01', '2020-04-01', 1)`.execute(
      database.db,
    )
    await sql`truncate records_2020_03`.execute(database.db)
    expect(await ask(`/reports/${stored.id}`)).toMatchObject({
      messages: 7,
      recordsDeleted: {
        at: expect.any(String),
        message: expect.stringMatching(/^The records of this report were deleted on .* retention/),
      },
    })
    expect(await ask(`/reports/${stored.id}/records`)).toMatchObject({ items: [] })
    const refused = await post(`/reports/${stored.id}/count`)
    expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([409, 'records_deleted'])
  })

  it('are listed when their reporter told of such messages that day', async () => {
    const { database, ask } = service()
    const about = { domain: 'filter.example', reporter: 'filter.example' }
    await storeReport(database, { ...about, day: '2026-03-11', rows: [{ sourceIp: '203.0.113.1', dkim: 'fail' }] })
    const passing = await storeReport(database, { ...about, day: '2026-03-12', rows: [{ sourceIp: '203.0.113.1' }] })
    const { items } = await ask<{ items: ReportItem[] }>('/reports?domain=filter.example&source=203.0.113.1&dmarc=pass')
    expect(items.map((item) => item.id)).toEqual([passing.id])
  })

  it.each(['', '/records', '/xml'])('answer 404 for one that does not exist%s', async (rest) => {
    expect((await get(`/reports/4711${rest}`)).statusCode).toBe(404)
  })

  it('lead to their mail', async () => {
    const { mailId } = await service().ask<ReportDetail>(`/reports/${id}`)
    expect(await service().ask<MailItem>(`/ingest/mails/${mailId}`)).toMatchObject({
      origin: 'upload',
      filename: 'a.xml',
      outcomes: [{ reportId: id }],
    })
  })
})
