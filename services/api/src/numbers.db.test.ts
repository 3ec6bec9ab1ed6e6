import type { DomainItem, ReporterItem, Summary, Timeline } from '@ruadar/contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeReport } from '../testing/reports.ts'
import { useService } from '../testing/service.ts'

const service = useService() // today is 2026-03-31

describe('numbers', () => {
  let conflicting: { id: string; outcome: string }
  beforeAll(async () => {
    const { database } = service()
    await storeReport(database, {
      day: '2026-03-30',
      reporter: 'one.example',
      reportId: 'same',
      rows: [
        { sourceIp: '192.0.2.1', count: 10, dkim: 'pass', spf: 'pass' },
        { sourceIp: '192.0.2.1', count: 5, dkim: 'fail', spf: 'pass', disposition: 'quarantine' },
        { sourceIp: '2001:db8::1', count: 3, dkim: 'fail', spf: 'fail', disposition: 'reject' },
        { sourceIp: null, count: 2, dkim: 'unknown', spf: 'unknown' },
      ],
    })
    await storeReport(database, { day: '2026-03-02', reporter: 'two.example', domain: 'example.org', rows: [{ count: 100 }] })
    await storeReport(database, { day: '2026-03-01', reporter: 'two.example', domain: 'example.net', rows: [{ count: 1000 }] })
    await storeReport(database, { day: '2026-03-31', reporter: 'two.example', rows: [{ count: 7, sourceIp: '192.0.2.1' }] })
    await storeReport(database, { day: '2026-04-01', reporter: 'two.example', rows: [{ count: 5000 }] })
    conflicting = await storeReport(database, { day: '2026-03-30', reporter: 'one.example', reportId: 'same', rows: [{ count: 40_000 }] })
  })

  it('sums the last 30 days up to today, conflicts left out', async () => {
    expect(conflicting.outcome).toBe('conflict')
    expect(await service().ask<Summary>('/summary')).toEqual({
      from: '2026-03-02',
      to: '2026-04-01',
      messages: 127,
      dmarcPass: 122,
      dmarcFail: 5,
      dkimAligned: 117,
      spfAligned: 15,
      dispositions: { none: 119, quarantine: 5, reject: 3, pass: 0, unknown: 0 },
      reports: 3,
      conflicts: 1,
      sources: 2,
      domains: 2,
      reporters: 2,
      lastReportAt: expect.stringMatching(/^\d{4}-.*Z$/),
      dataFrom: '2026-03-01',
      dataTo: '2026-04-02',
    })
  })

  it('takes `from` in and leaves `to` out', async () => {
    expect(await service().ask('/summary?from=2026-03-01&to=2026-03-02')).toMatchObject({ messages: 1000, reports: 1 })
    expect(await service().ask('/summary?from=2026-03-30&to=2026-03-31')).toMatchObject({ messages: 20, reports: 1 })
  })

  it('counts 30 days back from `to` when only that is given', async () => {
    expect(await service().ask('/summary?to=2026-03-31')).toMatchObject({ from: '2026-03-01', messages: 1120 })
  })

  it('answers zeros for a domain and a period without mail, and says where there is some', async () => {
    expect(await service().ask('/summary?domain=nobody.example')).toMatchObject({
      messages: 0,
      reports: 0,
      sources: 0,
      dataFrom: null,
      dataTo: null,
    })
    const empty = await service().ask<Summary>('/summary?domain=example.org&from=2020-01-01&to=2020-02-01')
    expect(empty).toMatchObject({ messages: 0, lastReportAt: null, dataFrom: '2026-03-02', dataTo: '2026-03-03' })
  })

  it('takes a domain in any case and with the dot of the root', async () => {
    expect(await service().ask('/summary?domain=Example.ORG.')).toMatchObject({ messages: 100 })
  })

  it('narrows messages, reports and sources by what the filter says about rows', async () => {
    expect(await service().ask('/summary?source=192.0.2.1')).toMatchObject({ messages: 122, reports: 3, sources: 1 })
    expect(await service().ask('/summary?disposition=reject')).toMatchObject({ messages: 3, reports: 1, sources: 1, domains: 1 })
    expect(await service().ask('/summary?dmarc=fail')).toMatchObject({ messages: 5, dmarcPass: 0, reports: 1, sources: 1 })
    expect(await service().ask('/summary?dkim=fail&spf=pass')).toMatchObject({ messages: 5, dmarcPass: 5 })
    expect(await service().ask('/summary?headerFrom=example.com&reporter=one.example')).toMatchObject({ messages: 20, reports: 1 })
  })

  it('has an element for every day of the timeline, days without mail too', async () => {
    const { from, to, days } = await service().ask<Timeline>('/timeline')
    expect([from, to, days.length]).toEqual(['2026-03-02', '2026-04-01', 30])
    expect(days.filter((day) => day.messages > 0).map((day) => [day.day, day.messages, day.dmarcFail, day.reports])).toEqual([
      ['2026-03-02', 100, 0, 1],
      ['2026-03-30', 20, 5, 1],
      ['2026-03-31', 7, 0, 1],
    ])
    expect(days[1]).toEqual({
      day: '2026-03-03',
      messages: 0,
      dmarcPass: 0,
      dmarcFail: 0,
      dkimAligned: 0,
      spfAligned: 0,
      dispositions: { none: 0, quarantine: 0, reject: 0, pass: 0, unknown: 0 },
      reports: 0,
    })
  })

  it('lists every domain with its policy, a silent one with zeros', async () => {
    const { items } = await service().ask<{ items: DomainItem[] }>('/domains')
    expect(items.map((item) => [item.domain, item.messages, item.reports, item.policy?.p])).toEqual([
      ['example.org', 100, 1, 'none'],
      ['example.com', 27, 2, 'none'],
      ['example.net', 0, 0, 'none'],
    ])
  })

  it('lists reporters of the period with their address', async () => {
    const { items } = await service().ask<{ items: ReporterItem[] }>('/reporters')
    expect(items.map((item) => [item.reporter, item.email, item.messages, item.reports])).toEqual([
      ['two.example', 'dmarc@two.example', 107, 2],
      ['one.example', 'dmarc@one.example', 20, 1],
    ])
  })
})
