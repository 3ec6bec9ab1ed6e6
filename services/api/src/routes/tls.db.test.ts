import type { MailItem, TlsDomain, TlsFailureItem, TlsReportDetail, TlsReportItem, TlsTimeline } from '@ruadar/contract'
import { tlsFailure, tlsPolicy } from '@ruadar/tests/harness/other-kinds'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeTls, type Stored } from '../../testing/other-kinds.ts'
import { useService } from '../../testing/service.ts'

const service = useService()
const get = (url: string) => service().app.inject({ url: `/api/v1${url}`, headers: service().bearer })
const post = (url: string) => service().app.inject({ method: 'POST', url: `/api/v1${url}`, headers: service().bearer })

describe('TLS reports', () => {
  let older: Stored
  let newer: Stored
  beforeAll(async () => {
    const { database } = service()
    older = await storeTls(database, { day: '2026-03-10', policies: [tlsPolicy({ policyStrings: ['mode: testing'] })] })
    newer = await storeTls(database, {
      day: '2026-03-12',
      reporter: 'other sender',
      policies: [
        tlsPolicy({
          successful: 50,
          failed: 4,
          failureDetails: [
            tlsFailure({ failedSessions: 3, sendingMtaIp: '198.51.100.8' }),
            tlsFailure({ resultType: 'sts-policy-fetch-error', receivingMxHostname: null, sendingMtaIp: null, failedSessions: 1 }),
          ],
        }),
        tlsPolicy({
          policyType: 'tlsa',
          policyDomain: 'mx.example.com',
          policyStrings: ['3 1 1 ABCD'],
          successful: 1,
          failed: 0,
          failureDetails: [],
        }),
      ],
    })
    await storeTls(database, { day: '2026-03-12', reporter: '', policies: [] })
  })

  it('are summed for each policy domain, with the newest policy of each type', async () => {
    const { items } = await service().ask<{ items: TlsDomain[] }>('/tls')
    expect(items).toEqual([
      {
        domain: 'example.com',
        successful: 140,
        failed: 14,
        reporters: 2,
        lastDay: '2026-03-12',
        policies: [
          {
            policyType: 'sts',
            successful: 140,
            failed: 14,
            newest: {
              policyStrings: ['version: STSv1', 'mode: enforce'],
              mxHosts: ['mx.example.com'],
              day: '2026-03-12',
              reporter: 'other sender',
            },
          },
        ],
      },
      {
        domain: 'mx.example.com',
        successful: 1,
        failed: 0,
        reporters: 1,
        lastDay: '2026-03-12',
        policies: [expect.objectContaining({ policyType: 'tlsa' })],
      },
    ])
    const before = await service().ask<{ items: TlsDomain[] }>('/tls?to=2026-03-12')
    expect(before.items).toMatchObject([{ successful: 90, policies: [{ newest: { policyStrings: ['mode: testing'] } }] }])
    expect((await service().ask<{ items: TlsDomain[] }>('/tls?reporter=sender%20example&domain=example.com')).items).toMatchObject([
      { failed: 10 },
    ])
  })

  it('are summed for each day, days without reports too, and agree with the domains', async () => {
    const { days } = await service().ask<TlsTimeline>('/tls/timeline?from=2026-03-10&to=2026-03-13&domain=example.com')
    expect(days).toEqual([
      { day: '2026-03-10', successful: 90, failed: 10 },
      { day: '2026-03-11', successful: 0, failed: 0 },
      { day: '2026-03-12', successful: 50, failed: 4 },
    ])
    expect((await get('/tls/timeline?from=2000-01-01&to=2026-01-01')).json()).toMatchObject({ code: 'bad_period' })
  })

  it('say which failures there were, at which MX, and from where', async () => {
    const { items } = await service().ask<{ items: TlsFailureItem[] }>('/tls/failures?domain=example.com')
    expect(items).toEqual([
      {
        resultType: 'certificate-expired',
        receivingMx: 'mx.example.com',
        sessions: 13,
        reporters: ['other sender', 'sender example'],
        domains: ['example.com'],
        sendingMtas: [
          { ip: '198.51.100.7', sessions: 10 },
          { ip: '198.51.100.8', sessions: 3 },
        ],
        firstDay: '2026-03-10',
        lastDay: '2026-03-12',
      },
      {
        resultType: 'sts-policy-fetch-error',
        receivingMx: null,
        sessions: 1,
        reporters: ['other sender'],
        domains: ['example.com'],
        sendingMtas: [],
        firstDay: '2026-03-12',
        lastDay: '2026-03-12',
      },
    ])
  })

  it('can be followed from the list to the policies and failures, and to their mail', async () => {
    const { items } = await service().ask<{ items: TlsReportItem[] }>('/tls/reports')
    expect(items.map(({ day, domain, reporter, policies }) => [day, domain, reporter, policies])).toEqual([
      ['2026-03-12', null, null, 0],
      ['2026-03-12', 'example.com', 'other sender', 2],
      ['2026-03-10', 'example.com', 'sender example', 1],
    ])
    const byDomain = await service().ask<{ items: TlsReportItem[] }>('/tls/reports?domain=mx.example.com')
    expect(byDomain.items.map(({ id }) => id)).toEqual([newer.id])
    const detail = await service().ask<TlsReportDetail>(`/tls/reports/${newer.id}`)
    expect(detail).toMatchObject({ ...items[1], successful: 51, failed: 4, conflictsWith: null, mailId: newer.mailId, part: 'eml:2>json' })
    expect(detail.policyList).toMatchObject([
      {
        policyType: 'sts',
        domain: 'example.com',
        failures: 2,
        failureDetails: [
          { resultType: 'certificate-expired', sendingMtaIp: '198.51.100.8', receivingIp: '203.0.113.5', sessions: 3 },
          { resultType: 'sts-policy-fetch-error', sendingMtaIp: null, receivingMxHostname: null, sessions: 1 },
        ],
      },
      { policyType: 'tlsa', domain: 'mx.example.com', failures: 0, failureDetails: [] },
    ])
    expect((await service().ask<MailItem>(`/ingest/mails/${newer.mailId}`)).outcomes).toMatchObject([
      { kind: 'tls', tlsReportId: newer.id },
    ])
    expect((await get('/tls/reports/4711')).statusCode).toBe(404)
    expect((await post('/tls/reports/4711/count')).statusCode).toBe(404)
  })

  it('keep a conflict out of every sum until an operator lets it count, and back', async () => {
    const { database, ask } = service()
    const key = { day: '2026-03-20', reportId: 'same' }
    const first = await storeTls(database, { ...key, policies: [tlsPolicy({ policyDomain: 'conflict.example' })] })
    const second = await storeTls(database, {
      ...key,
      policies: [tlsPolicy({ policyDomain: 'conflict.example', successful: 1, failed: 0 })],
    })
    const sum = async () => (await ask<{ items: TlsDomain[] }>('/tls?domain=conflict.example')).items.map((it) => it.successful)
    expect([first.outcome, second.outcome, await sum()]).toEqual(['imported', 'conflict', [90]])
    const { items } = await ask<{ items: TlsReportItem[] }>('/tls/reports?domain=conflict.example&state=conflict')
    expect(items.map(({ id }) => id)).toEqual([second.id])
    expect(await ask(`/tls/reports/${first.id}`)).toMatchObject({ state: 'counted', conflictsWith: second.id })
    expect((await post(`/tls/reports/${second.id}/count`)).json()).toMatchObject({
      id: second.id,
      state: 'counted',
      conflictsWith: first.id,
    })
    expect(await sum()).toEqual([1])
    await post(`/tls/reports/${first.id}/count`)
    expect(await sum()).toEqual([90])
  })

  it('put no domain among the Policy Domains of DMARC', async () => {
    expect(await service().ask('/domains')).toEqual({ items: [], next: null })
    expect((await service().ask<TlsReportDetail>(`/tls/reports/${older.id}`)).domain).toBe('example.com')
  })
})
