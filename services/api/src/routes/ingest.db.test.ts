import type { IngestSummary, MailItem } from '@ruadar/contract'
import { createIntake } from '@ruadar/ingest'
import { beforeAll, describe, expect, it } from 'vitest'
import { awaitReading } from '../await-reading.ts'
import { reportXml, useReader } from '../../testing/reader.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
useReader(service)

const get = (url: string) => service().app.inject({ url: `/api/v1${url}`, headers: service().bearer })
const post = (url: string, payload?: object) =>
  service().app.inject({ method: 'POST', url: `/api/v1${url}`, headers: service().bearer, ...(payload ? { payload } : {}) })

const settle = (ids: number[]) => awaitReading(service().database.db, ids, 30_000, new AbortController().signal)

describe('the ingest log', () => {
  const ids = { report: 0, broken: 0, large: 0 }
  const bytes = Buffer.from(reportXml({ reportId: 'logged' }))
  beforeAll(async () => {
    const stored = await createIntake(service())([
      { raw: bytes, origin: 'import', filename: 'Report "1".XML' },
      { raw: bytes.subarray(0, 500), origin: 'import', filename: 'cut.xml' },
      { raw: null, origin: 'imap', size: 99_000_000, identity: 'INBOX 7', rejected: { code: 'mail_too_large', message: 'Too large.' } },
    ])
    ;[ids.report = 0, ids.broken = 0, ids.large = 0] = stored.map((mail) => mail.id)
    await settle(Object.values(ids))
  })

  it('counts mails by state and reasons', async () => {
    expect(await service().ask<IngestSummary>('/ingest')).toEqual({
      mails: { stored: 0, imported: 1, duplicate: 0, conflict: 0, ignored: 0, quarantined: 2 },
      reasons: expect.arrayContaining([
        { outcome: 'quarantined', code: 'mail_too_large', count: 1, mails: 1 },
        { outcome: 'quarantined', code: 'truncated', count: 1, mails: 1 },
      ]),
    })
  })

  it('lists the newest first, by state and by reason', async () => {
    const list = async (query: string) => (await service().ask<{ items: MailItem[] }>(`/ingest/mails${query}`)).items
    expect((await list('')).map((mail) => Number(mail.id))).toEqual(Object.values(ids).sort((a, b) => b - a))
    expect((await list('?state=imported')).map((mail) => Number(mail.id))).toEqual([ids.report])
    const [broken] = await list('?code=truncated')
    expect(broken).toMatchObject({
      id: String(ids.broken),
      origin: 'import',
      mailbox: null,
      filename: 'cut.xml',
      size: 500,
      state: 'quarantined',
      readAt: expect.any(String),
      outcomes: [{ outcome: 'quarantined', code: 'truncated', reportId: null, message: expect.any(String) }],
    })
  })

  it('gives the bytes back as they came, under a name of ours', async () => {
    const answer = await get(`/ingest/mails/${ids.report}/raw`)
    expect(answer.rawPayload.equals(bytes)).toBe(true)
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="mail-${ids.report}.xml"`,
      'content-length': String(bytes.byteLength),
      'x-content-type-options': 'nosniff',
    })
  })

  it('gives a large mail back piece by piece, complete', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024 + 17, 'Zeile für Zeile\n')
    const [mail] = await createIntake(service())([{ raw: large, origin: 'import' }])
    const answer = await get(`/ingest/mails/${mail?.id}/raw`)
    expect(answer.rawPayload.equals(large)).toBe(true)
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="mail-${mail?.id}.eml"`)
    await settle([mail?.id ?? 0])
  })

  it('says so when a mail was left in its mailbox', async () => {
    expect((await get(`/ingest/mails/${ids.large}/raw`)).json()).toMatchObject({ status: 404, code: 'mail_left_behind' })
    expect((await get('/ingest/mails/4711/raw')).json()).toMatchObject({ status: 404, code: 'not_found' })
  })

  it('reads one mail again, or all with a reason, and counts nothing twice', async () => {
    const before = await service().ask<{ messages: number }>('/summary')
    expect((await post(`/ingest/mails/${ids.report}/read-again`)).json()).toEqual({ mails: 1 })
    expect((await post('/ingest/read-again', { code: 'truncated', state: 'quarantined' })).json()).toEqual({ mails: 1 })
    await settle([ids.report, ids.broken])
    expect(await service().ask(`/ingest/mails/${ids.report}`)).toMatchObject({ state: 'imported' })
    expect(await service().ask(`/ingest/mails/${ids.broken}`)).toMatchObject({ state: 'quarantined', outcomes: [{ code: 'truncated' }] })
    expect(await service().ask('/summary')).toMatchObject({ messages: before.messages })
  })

  it('reads a selection again', async () => {
    expect((await post('/ingest/read-again', { ids: [String(ids.broken), String(ids.report), '4711'] })).json()).toEqual({ mails: 2 })
    await settle([ids.broken, ids.report])
  })

  it('reads all with a reason again, but not those whose reason had another outcome', async () => {
    expect((await post('/ingest/read-again', { code: 'truncated', outcome: 'ignored' })).json()).toEqual({ mails: 0 })
    expect((await post('/ingest/read-again', { code: 'truncated', outcome: 'quarantined' })).json()).toEqual({ mails: 1 })
    await settle([ids.broken])
  })

  it('wants to know which mails to read again', async () => {
    expect((await post('/ingest/read-again', {})).json()).toMatchObject({ status: 400, code: 'nothing_chosen' })
    expect((await post('/ingest/mails/4711/read-again')).statusCode).toBe(404)
  })
})
