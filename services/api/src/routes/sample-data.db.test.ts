import type { DomainItem, FailureSummary, SampleResult, Summary, TlsDomain } from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { useReader } from '../../testing/reader.ts'
import { useService } from '../../testing/service.ts'

const service = useService({ now: () => new Date() })
useReader(service)

const load = async () => {
  const answer = await service().app.inject({ method: 'POST', url: '/api/v1/sample-data', headers: service().bearer })
  expect(answer.statusCode).toBe(200)
  return answer.json<SampleResult>()
}

describe('sample data', () => {
  it('fills the last 30 days with passing and failing mail, and adds nothing the second time', async () => {
    const first = await load()
    expect(first.mails).toBeGreaterThan(30)
    expect(first.waiting).toBe(0)
    const summary = await service().ask<Summary>('/summary')
    expect(summary.dmarcPass).toBeGreaterThan(0)
    expect(summary.dmarcFail).toBeGreaterThan(0)
    const { items } = await service().ask<{ items: DomainItem[] }>('/domains')
    expect(items.every((item) => /(^|\.)example(\.(com|net|org))?$/.test(item.domain))).toBe(true)
    const failures = await service().ask<FailureSummary>('/failures/summary')
    expect(failures.reports).toBeGreaterThan(10)
    const tls = await service().ask<{ items: TlsDomain[] }>('/tls')
    expect(tls.items.some(({ failed, successful }) => failed > 0 && successful > 0)).toBe(true)
    expect(await service().ask('/ingest')).toMatchObject({ mails: { quarantined: 0, conflict: 0, ignored: 0, duplicate: 0 } })
    expect(await load()).toEqual({ mails: 0, waiting: 0 })
    expect(await service().ask('/summary')).toMatchObject({ messages: summary.messages, reports: summary.reports })
  })
  it('adds nothing on another day either, which would be other reports with known ids', async () => {
    const { db } = service().database
    // Other hashes: today's mails would not be known by their bytes.
    await sql`update mails set stored_at = stored_at - interval '1 day', hash = sha256(hash) where origin = 'sample'`.execute(db)
    expect(await load()).toEqual({ mails: 0, waiting: 0 })
    expect(await service().ask('/summary')).toMatchObject({ conflicts: 0 })
  })
})
