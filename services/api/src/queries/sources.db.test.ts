import type { SourceDetail, SourceItem } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { beforeAll, describe, expect, it } from 'vitest'
import { storeReport } from '../../testing/reports.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

/** Mail of a service that signs with its own domain and uses its own envelope. */
const esp = {
  sourceIp: '198.51.100.7',
  dkim: 'fail' as const,
  spf: 'fail' as const,
  envelopeFrom: 'bounce.esp.example',
  auth: {
    dkim: [{ domain: 'esp.example', selector: 'k1', result: 'pass' as const, humanResult: null }],
    spf: [{ domain: 'bounce.esp.example', scope: 'mfrom', result: 'pass' as const, humanResult: null }],
  },
}

describe('sources', () => {
  beforeAll(async () => {
    const { database } = service()
    await storeReport(database, {
      day: '2026-03-30',
      reporter: 'one.example',
      rows: [
        { ...esp, count: 30 },
        {
          ...esp,
          count: 10,
          dkim: 'pass',
          auth: { ...esp.auth, dkim: [{ domain: 'example.com', selector: 'k1', result: 'pass', humanResult: 'ok' }] },
        },
        { sourceIp: '192.0.2.1', count: 500, dkim: 'pass', spf: 'pass' },
        { sourceIp: '203.0.113.9', count: 3, dkim: 'fail', disposition: 'reject', auth: { dkim: [], spf: [] } },
        { sourceIp: null, count: 1, dkim: 'fail' },
      ],
    })
    await storeReport(database, { day: '2026-03-28', reporter: 'two.example', rows: [{ ...esp, count: 5 }] })
  })

  it('come with most failing messages first, and say why they fail', async () => {
    const { items, next } = await service().ask<{ items: SourceItem[]; next: string | null }>('/sources')
    expect(items.map((item) => [item.source, item.messages, item.dmarcFail])).toEqual([
      ['198.51.100.7', 45, 35],
      ['203.0.113.9', 3, 3],
      ['::', 1, 1],
      ['192.0.2.1', 500, 0],
    ])
    expect(next).toBeNull()
    expect(items[0]).toEqual({
      source: '198.51.100.7',
      messages: 45,
      dmarcPass: 10,
      dmarcFail: 35,
      dkimAligned: 10,
      spfAligned: 0,
      firstDay: '2026-03-28',
      lastDay: '2026-03-30',
      reasons: [
        {
          mechanism: 'dkim',
          code: 'signed_by_other_domain',
          domain: 'esp.example',
          result: 'pass',
          headerFrom: 'example.com',
          messages: 35,
        },
        {
          mechanism: 'spf',
          code: 'passes_for_other_domain',
          domain: 'bounce.esp.example',
          result: 'pass',
          headerFrom: 'example.com',
          messages: 35,
        },
      ],
    })
    expect(items[1]?.reasons.map((reason) => reason.code)).toEqual(['not_signed', 'not_reported'])
    expect(items[3]?.reasons).toEqual([])
  })

  it('can be sorted by all messages', async () => {
    const { items } = await service().ask<{ items: SourceItem[] }>('/sources?sort=messages&limit=2')
    expect(items.map((item) => item.source)).toEqual(['192.0.2.1', '198.51.100.7'])
  })

  it('refuses the cursor of another order', async () => {
    const { next } = await service().ask<{ next: string }>('/sources?sort=messages&limit=1')
    const { app, bearer } = service()
    const answer = await app.inject({ url: `/api/v1/sources?after=${next}`, headers: bearer })
    expect(answer.json()).toMatchObject({ status: 400, code: 'bad_cursor' })
  })

  it('shows one source with aligned and raw results side by side', async () => {
    const detail = await service().ask<SourceDetail>('/sources/198.51.100.7?from=2026-03-28&to=2026-03-31')
    expect(detail).toMatchObject({
      source: '198.51.100.7',
      messages: 45,
      dmarcPass: 10,
      dispositions: { none: 45 },
      firstDay: '2026-03-28',
      lastDay: '2026-03-30',
      reporters: [
        { reporter: 'one.example', messages: 40 },
        { reporter: 'two.example', messages: 5 },
      ],
      domains: [{ domain: 'example.com', messages: 45 }],
    })
    expect(detail.days.map((day) => [day.day, day.messages])).toEqual([
      ['2026-03-28', 5],
      ['2026-03-29', 0],
      ['2026-03-30', 40],
    ])
    expect(detail.identities).toHaveLength(2)
    expect(detail.identities[0]).toEqual({
      domain: 'example.com',
      headerFrom: 'example.com',
      envelopeFrom: 'bounce.esp.example',
      dkim: 'fail',
      spf: 'fail',
      disposition: 'none',
      authDkim: [{ domain: 'esp.example', selector: 'k1', result: 'pass', humanResult: null, aligned: false }],
      authSpf: [{ domain: 'bounce.esp.example', scope: 'mfrom', result: 'pass', humanResult: null, aligned: false }],
      messages: 35,
    })
    expect(detail.identities[1]?.authDkim[0]).toMatchObject({ domain: 'example.com', aligned: true })
  })

  it('finds an IPv6 source however it is written', async () => {
    await storeReport(service().database, { day: '2026-03-29', domain: 'six.example', rows: [{ sourceIp: '2001:db8::1', count: 4 }] })
    const detail = await service().ask<SourceDetail>('/sources/2001:0DB8:0:0::0001')
    expect([detail.source, detail.messages]).toEqual(['2001:db8::1', 4])
  })

  it('answers zeros for an address that nobody reported', async () => {
    expect(await service().ask('/sources/192.0.2.77')).toMatchObject({
      messages: 0,
      firstDay: null,
      reasons: [],
      identities: [],
      reporters: [],
    })
  })

  it('judges alignment by the mode that the newest report shows', async () => {
    const { database, ask } = service()
    const rows = [
      {
        sourceIp: '198.51.100.20',
        headerFrom: 'strict.example',
        dkim: 'fail' as const,
        auth: { dkim: [{ domain: 'mail.strict.example', selector: 's', result: 'pass' as const, humanResult: null }], spf: [] },
      },
    ]
    await storeReport(database, { day: '2026-03-20', domain: 'strict.example', adkim: null, rows })
    await storeReport(database, { day: '2026-03-21', domain: 'strict.example', adkim: 's', rows })
    const detail = await ask<SourceDetail>('/sources/198.51.100.20')
    expect(detail.reasons[0]).toMatchObject({ mechanism: 'dkim', code: 'strict_alignment', domain: 'mail.strict.example', messages: 2 })
    expect(detail.identities[0]?.authDkim[0]?.aligned).toBe(false)
  })

  it('keep their sums and days when retention has deleted the records', async () => {
    await sql`delete from records`.execute(service().database.db)
    const { messages, dmarcFail, days, firstDay, domains } = await service().ask<SourceDetail>('/sources/198.51.100.7')
    expect([messages, dmarcFail, firstDay, domains]).toEqual([45, 35, '2026-03-28', []])
    expect(days.filter((day) => day.messages > 0).map((day) => [day.day, day.messages])).toEqual([
      ['2026-03-28', 5],
      ['2026-03-30', 40],
    ])
  })
})
