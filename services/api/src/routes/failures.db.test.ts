import type { FailureDetail, FailureItem, FailureSummary, MailItem } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { createToken } from '../access/tokens.ts'
import { storeFailure, type Stored } from '../../testing/other-kinds.ts'
import { storeReport } from '../../testing/reports.ts'
import { fromOurPage, signIn, useService } from '../../testing/service.ts'

const service = useService()
const get = (url: string, headers: Record<string, string> = service().bearer) => service().app.inject({ url: `/api/v1${url}`, headers })
const at = (time: string) => Date.parse(time) / 1000
async function openings(id: string) {
  const { rows } = await sql<{ by: string; shown: boolean }>`
    select opened_by as by, addresses_shown as shown from sample_openings where failure_report_id = ${Number(id)} order by id`.execute(
    service().database.db,
  )
  return rows
}

describe('failure reports', () => {
  let seeing: { authorization: string }
  let sample: Stored
  beforeAll(async () => {
    const { database } = service()
    const { token } = await createToken(database.db, 'investigator', { seesAddresses: true })
    seeing = { authorization: `Bearer ${token}` }
    sample = await storeFailure(database)
    await storeFailure(database, { arrivalDate: at('2026-03-14T23:59:59Z'), authFailure: 'spf', incidents: 5, sourceIp: '198.51.100.9' })
    await storeFailure(database, {
      reportedDomain: null,
      reporter: '',
      sourceIp: null,
      authFailure: null,
      arrivalDate: at('2026-03-14T01:00:00Z'),
    })
  })

  it('are listed newest message first, and narrowed by domain, day, source, reporter and kind', async () => {
    const ask = async (query: string) =>
      (await service().ask<{ items: FailureItem[] }>(`/failures?${query}`)).items.map((item) => [
        item.arrivedAt.slice(0, 10),
        item.authFailure,
      ])
    expect(await ask('')).toEqual([
      ['2026-03-15', 'dmarc'],
      ['2026-03-14', 'spf'],
      ['2026-03-14', null],
    ])
    expect(await ask('from=2026-03-15&to=2026-03-16')).toEqual([['2026-03-15', 'dmarc']])
    expect(await ask('to=2026-03-15')).toHaveLength(2)
    expect(await ask('domain=Example.COM.')).toHaveLength(2)
    expect(await ask('source=198.51.100.9')).toEqual([['2026-03-14', 'spf']])
    expect(await ask('reporter=mx.example.org&authFailure=dmarc')).toEqual([['2026-03-15', 'dmarc']])
    expect((await get('/failures?dmarc=fail')).json()).toMatchObject({ status: 400, code: 'validation' })
  })

  it('say null for what the reporter did not say', async () => {
    const { items } = await service().ask<{ items: FailureItem[] }>('/failures')
    expect(items[2]).toMatchObject({ domain: null, reporter: null, source: null, authFailure: null })
  })

  it('sum messages, not reports, by day and kind, days without any too', async () => {
    const summary = await service().ask<FailureSummary>('/failures/summary?from=2026-03-13&to=2026-03-16')
    expect(summary).toMatchObject({ reports: 3, incidents: 7 })
    expect(summary.authFailures[0]).toEqual({ authFailure: 'spf', incidents: 5 })
    expect(summary.days).toEqual([
      { day: '2026-03-13', reports: 0, incidents: 0, authFailures: [] },
      {
        day: '2026-03-14',
        reports: 2,
        incidents: 6,
        authFailures: [
          { authFailure: 'spf', incidents: 5 },
          { authFailure: null, incidents: 1 },
        ],
      },
      { day: '2026-03-15', reports: 1, incidents: 1, authFailures: [{ authFailure: 'dmarc', incidents: 1 }] },
    ])
  })

  it('hide the recipients, whole answer through, from who may not see them', async () => {
    const answer = await get(`/failures/${sample.id}`)
    expect(answer.body).not.toMatch(/anna\.berg|Anna Berg|b@example\.net/i)
    const detail = answer.json<FailureDetail>()
    expect(detail).toMatchObject({ addressesShown: false, rcptTo: ['a…@example.org'], mailFrom: 'bounce-a…=example.org@mailer.example' })
    expect(detail.author).toBe('Billing <billing@example.com>')
    expect(detail.headers.map(({ name }) => name)).toEqual(['Received', 'From', 'To', 'Subject', 'List-Unsubscribe'])
  })

  it('show them to who may, and record each opening with who it was', async () => {
    const { id } = await storeFailure(service().database)
    expect((await get(`/failures/${id}`)).json()).toMatchObject({ openings: { count: 0, latest: [] } })
    const detail = (await get(`/failures/${id}`, seeing)).json<FailureDetail>()
    expect(detail).toMatchObject({
      addressesShown: true,
      rcptTo: ['anna.berg@example.org'],
      openings: { count: 1, latest: [{ at: expect.any(String), by: 'token test', addressesShown: false }] },
    })
    expect(detail.headers[2]?.value).toBe('"Anna Berg" <anna.berg@example.org>, b@example.net')
    expect(await openings(id)).toEqual([
      { by: 'token test', shown: false },
      { by: 'token investigator', shown: true },
    ])
  })

  it('list the last twenty who opened it, newest first, and count all of them', async () => {
    const { id } = await storeFailure(service().database)
    for (let times = 0; times < 21; times++) await get(`/failures/${id}`)
    await get(`/failures/${id}`, seeing)
    const { openings: listed } = (await get(`/failures/${id}`)).json<FailureDetail>()
    expect(listed.count).toBe(22)
    expect(listed.latest).toHaveLength(20)
    expect(listed.latest.map((opening) => opening.by).slice(0, 2)).toEqual(['token investigator', 'token test'])
    expect(listed.latest.map((opening) => opening.at)).toEqual(
      listed.latest
        .map((opening) => opening.at)
        .toSorted()
        .toReversed(),
    )
  })

  it('hide in the list a recipient whose own address was forged', async () => {
    const { ask, database } = service()
    const message = { from: 'carl@example.org', subject: 'carl@example.org, you have been paid', messageId: null, body: null }
    await storeFailure(database, {
      reportedDomain: 'forged.example',
      originalRcptTo: [],
      original: { ...message, headers: [{ name: 'TO', value: 'carl@example.org' }] },
    })
    const { items } = await ask<{ items: FailureItem[] }>('/failures?domain=forged.example')
    expect(items[0]).toMatchObject({ author: 'c…@example.org', subject: 'c…@example.org, you have been paid' })
    const seen = (await get('/failures?domain=forged.example', seeing)).json<{ items: FailureItem[] }>()
    expect(seen.items[0]).toMatchObject({ author: 'carl@example.org' })
  })

  it('stand beside what aggregate reports counted of that source on that day, or else on the days around it', async () => {
    const { ask, database } = service()
    const rows = [
      { sourceIp: '203.0.113.20', count: 9, dkim: 'fail' as const, headerFrom: 'news.evidence.example', disposition: 'reject' as const },
      { sourceIp: '203.0.113.21', count: 100 },
    ]
    await storeReport(database, { domain: 'evidence.example', day: '2026-03-10', reporter: 'one.example', rows })
    const about = { reportedDomain: 'news.evidence.example', sourceIp: '203.0.113.20' }
    const evidence = async (time: string, more = {}) => {
      const { id } = await storeFailure(database, { ...about, arrivalDate: at(time), ...more })
      return (await ask<FailureDetail>(`/failures/${id}`)).evidence
    }
    const row = {
      day: '2026-03-10',
      domain: 'evidence.example',
      headerFrom: 'news.evidence.example',
      reporter: 'one.example',
      messages: 9,
      dkim: 'fail',
      spf: 'fail',
      disposition: 'reject',
    }
    expect(await evidence('2026-03-10T23:00:00Z')).toEqual({ from: '2026-03-10', to: '2026-03-11', rows: [row] })
    expect(await evidence('2026-03-11T01:00:00Z')).toEqual({ from: '2026-03-10', to: '2026-03-13', rows: [row] })
    expect(await evidence('2026-03-12T01:00:00Z')).toMatchObject({ rows: [] })
    expect(await evidence('2026-03-10T23:00:00Z', { reportedDomain: 'other.example' })).toMatchObject({ rows: [] })
    expect(await evidence('2026-03-10T23:00:00Z', { sourceIp: null })).toBeNull()
  })

  it('keep their raw mail from who may not see recipients, and record who downloads it', async () => {
    const { database } = service()
    const own = await storeFailure(database, { content: 'in two mails' })
    const repeated = await storeFailure(database, { content: 'in two mails' })
    expect(repeated.outcome).toBe('duplicate')
    for (const { mailId } of [own, repeated]) {
      const refused = await get(`/ingest/mails/${mailId}/raw`)
      expect(refused.json()).toMatchObject({ status: 403, code: 'addresses_hidden', detail: expect.stringMatching(/^[A-Z].*\.$/) })
      expect(refused.headers['content-disposition']).toBeUndefined()
    }
    expect(await openings(own.id)).toEqual([])
    for (const { mailId } of [own, repeated])
      expect((await get(`/ingest/mails/${mailId}/raw`, seeing)).body).toMatch(/^mail of another kind/)
    const opening = { by: 'token investigator', shown: true }
    expect(await openings(own.id)).toEqual([opening, opening])
  })

  it('lead from their mail and back, until they are deleted', async () => {
    const { ask, database } = service()
    const stored = await storeFailure(database)
    const { mailId, keptUntil, storedAt } = await ask<FailureDetail>(`/failures/${stored.id}`)
    expect(Date.parse(keptUntil ?? '') - Date.parse(storedAt)).toBe(30 * 86_400_000)
    const outcome = { kind: 'failure', outcome: 'imported', failureReportId: stored.id, reportId: null, tlsReportId: null }
    expect(await ask<MailItem>(`/ingest/mails/${mailId}`)).toMatchObject({ reduced: false, outcomes: [outcome] })
    await sql`delete from failure_reports where id = ${Number(stored.id)}`.execute(database.db)
    await sql`update mails set raw = null where id = ${Number(mailId)}`.execute(database.db)
    expect((await get(`/failures/${stored.id}`)).json()).toMatchObject({ status: 404, code: 'not_found' })
    expect((await ask<MailItem>(`/ingest/mails/${mailId}`)).outcomes).toMatchObject([{ ...outcome, failureReportId: null }])
    expect((await get(`/ingest/mails/${mailId}/raw`, seeing)).json()).toMatchObject({ status: 404, code: 'mail_deleted' })
  })

  it('give hostile text back as it is, as JSON', async () => {
    const hostile = '"><script>alert(1)</script>\u202e\u0007'
    const { id } = await storeFailure(service().database, {
      authFailure: hostile,
      original: { from: hostile, subject: hostile, messageId: hostile, headers: [{ name: hostile, value: hostile }], body: hostile },
      warnings: [{ code: 'odd', path: hostile, value: hostile }],
    })
    const answer = await get(`/failures/${id}`)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.json()).toMatchObject({ author: hostile, subject: hostile, body: hostile, headers: [{ name: hostile, value: hostile }] })
  })
})

describe('who may see recipients', () => {
  it('is switched by a person for the own account, and holds for the sessions there are', async () => {
    const cookie = await signIn(service())
    const change = (seesAddresses: unknown, headers: Record<string, string>) =>
      service().app.inject({ method: 'PATCH', url: '/api/v1/account', headers: { ...fromOurPage, ...headers }, payload: { seesAddresses } })
    const { id } = await storeFailure(service().database)
    const shown = async () => (await get(`/failures/${id}`, { cookie })).json<FailureDetail>().addressesShown
    expect(await shown()).toBe(false)
    expect((await change(true, { cookie })).json()).toEqual({ name: 'ana', via: 'session', seesAddresses: true })
    expect(await shown()).toBe(true)
    expect((await get('/me', { cookie })).json()).toMatchObject({ seesAddresses: true })
    expect((await change(false, { cookie })).statusCode).toBe(200)
    expect(await shown()).toBe(false)
    expect((await change(true, service().bearer)).json()).toMatchObject({ status: 403, code: 'person_needed' })
    expect((await change('perhaps', { cookie })).statusCode).toBe(400)
    expect((await openings(id)).map(({ by, shown: with_ }) => [by, with_])).toEqual([
      ['ana', false],
      ['ana', true],
      ['ana', false],
    ])
  })

  it('is given to a token when it is made, by a person who has it', async () => {
    const cookie = await signIn(service())
    const ask = (method: 'POST' | 'PATCH', url: string, payload: object) =>
      service().app.inject({ method, url: `/api/v1${url}`, headers: { ...fromOurPage, cookie }, payload })
    const token = { name: 'with recipients', seesAddresses: true }
    expect((await ask('POST', '/tokens', token)).json()).toMatchObject({ status: 403, code: 'addresses_hidden' })
    await ask('PATCH', '/account', { seesAddresses: true })
    expect((await ask('POST', '/tokens', token)).json()).toMatchObject(token)
    expect((await ask('POST', '/tokens', { name: 'without' })).json()).toMatchObject({ seesAddresses: false })
  })
})
