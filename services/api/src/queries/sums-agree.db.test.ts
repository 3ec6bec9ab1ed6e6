import type {
  DomainItem,
  Filter,
  ReporterItem,
  SourceDetail,
  SenderDetail,
  SenderItem,
  SourceItem,
  Summary,
  Timeline,
} from '@ruadar/contract'
import { sql } from '@ruadar/platform'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { countSpans, makeAllSpans } from '../../../../tests/harness/spans.ts'
import { type Report, type Row, storeReport } from '../../testing/reports.ts'
import { bringSendersUpToDate } from '../../testing/senders.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

const domains = ['example.com', 'example.org']
const reporters = ['one.example', 'two.example', 'three.example']
const sources = ['192.0.2.1', '198.51.100.2', '2001:db8::3']
const authors = ['example.com', 'news.example.com', 'example.org']
const verdicts = ['pass', 'fail', 'unknown'] as const
const dispositions = ['none', 'quarantine', 'reject', 'pass', 'unknown'] as const
const day = fc.integer({ min: 1, max: 12 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`)

const row: fc.Arbitrary<Row> = fc.record({
  sourceIp: fc.option(fc.constantFrom(...sources), { nil: null, freq: 8 }),
  count: fc.integer({ min: 1, max: 1000 }),
  headerFrom: fc.constantFrom(...authors),
  dkim: fc.constantFrom(...verdicts),
  spf: fc.constantFrom(...verdicts),
  disposition: fc.constantFrom(...dispositions),
})
const report: fc.Arbitrary<Report> = fc.record({
  domain: fc.constantFrom(...domains),
  reporter: fc.constantFrom(...reporters),
  day,
  rows: fc.array(row, { minLength: 1, maxLength: 6 }),
})
const filter: fc.Arbitrary<Omit<Filter, 'sender' | 'from' | 'to'>> = fc.record(
  {
    domain: fc.constantFrom(...domains),
    reporter: fc.constantFrom(...reporters),
    source: fc.constantFrom(...sources, '::'),
    headerFrom: fc.constantFrom(...authors),
    disposition: fc.constantFrom(...dispositions),
    dmarc: fc.constantFrom('pass' as const, 'fail' as const),
    dkim: fc.constantFrom(...verdicts),
    spf: fc.constantFrom(...verdicts),
  },
  { requiredKeys: [] },
)
const period = fc.tuple(day, day).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a === b ? '2026-03-31' : a }))

const columns = ['messages', 'dmarcPass', 'dmarcFail', 'dkimAligned', 'spfAligned'] as const
type Counts = Record<(typeof columns)[number], number>
const pick = (counts: Counts): Counts => Object.fromEntries(columns.map((column) => [column, counts[column]])) as Counts
const add = (items: readonly Counts[]): Counts =>
  Object.fromEntries(columns.map((column) => [column, items.reduce((sum, item) => sum + item[column], 0)])) as Counts

/** What the rows say, by the filter's own words and nothing else. */
function addRows(stored: readonly Report[], asked: Filter & { from: string; to: string }): Counts {
  const counts = { messages: 0, dmarcPass: 0, dmarcFail: 0, dkimAligned: 0, spfAligned: 0 }
  for (const { domain, reporter, day, rows } of stored) {
    if (day < asked.from || day >= asked.to) continue
    if ((asked.domain ?? domain) !== domain || (asked.reporter ?? reporter) !== reporter) continue
    for (const { sourceIp, count = 0, headerFrom, dkim, spf, disposition } of rows) {
      const passes = dkim === 'pass' || spf === 'pass'
      if ((asked.source ?? sourceIp ?? '::') !== (sourceIp ?? '::') || (asked.headerFrom ?? headerFrom) !== headerFrom) continue
      if ((asked.disposition ?? disposition) !== disposition || (asked.dkim ?? dkim) !== dkim || (asked.spf ?? spf) !== spf) continue
      if (asked.dmarc !== undefined && (asked.dmarc === 'pass') !== passes) continue
      counts.messages += count
      counts[passes ? 'dmarcPass' : 'dmarcFail'] += count
      if (dkim === 'pass') counts.dkimAligned += count
      if (spf === 'pass') counts.spfAligned += count
    }
  }
  return counts
}

describe('a number', () => {
  let stored: Report[]
  beforeAll(async () => {
    stored = fc.sample(report, { numRuns: 60, seed: 20260331 })
    // Some sums of several days are true, some have changed since, and some are not there yet.
    const { database } = service()
    const late = stored.filter(({ day }) => day > '2026-03-08').slice(0, 12)
    for (const it of stored) if (!late.includes(it)) await storeReport(database, it)
    await makeAllSpans(database)
    await sql`update spans set made = false where domain_id = 0 and first_day = '2026-03-05'`.execute(database.db)
    for (const it of late) await storeReport(database, it)
    await bringSendersUpToDate(database)
    const { valid, changed } = await countSpans(database)
    expect([valid > 0, changed > 0]).toEqual([true, true])
  })

  it('is the same on every page, and is what the rows say, whatever the filter', async () => {
    await fc.assert(
      fc.asyncProperty(filter, period, async (asked, days) => {
        const { ask } = service()
        const query = new URLSearchParams({ ...asked, ...days }).toString()
        const [summary, timeline, sourcesPage, byReporter, byDomain, bySender] = await Promise.all([
          ask<Summary>(`/summary?${query}`),
          ask<Timeline>(`/timeline?${query}`),
          ask<{ items: SourceItem[] }>(`/sources?${query}&limit=500`),
          ask<{ items: ReporterItem[] }>(`/reporters?${query}`),
          ask<{ items: DomainItem[] }>(`/domains?${query}`),
          ask<{ items: SenderItem[] }>(`/senders?${query}&limit=500`),
        ])
        const expected = addRows(stored, { ...asked, ...days })
        expect(pick(summary)).toEqual(expected)
        expect(add(timeline.days)).toEqual(expected)
        expect(add(sourcesPage.items)).toEqual(expected)
        expect(add(byReporter.items)).toEqual(expected)
        expect(add(byDomain.items)).toEqual(expected)
        expect(bySender.items.reduce((sum, it) => sum + it.messages, 0)).toBe(expected.messages)
        expect(bySender.items.reduce((sum, it) => sum + it.dmarcFail, 0)).toBe(expected.dmarcFail)
        expect(Object.values(summary.dispositions).reduce((sum, count) => sum + count, 0)).toBe(expected.messages)
        expect(timeline.days.reduce((sum, it) => sum + it.reports, 0)).toBe(summary.reports)
        expect(byReporter.items.reduce((sum, it) => sum + it.reports, 0)).toBe(summary.reports)
        expect(byReporter.items).toHaveLength(summary.reporters)
        expect(sourcesPage.items.filter((it) => it.source !== '::')).toHaveLength(summary.sources)
      }),
      { numRuns: 60 },
    )
  })

  it('of a source is the same in the list and on its own page', async () => {
    await fc.assert(
      fc.asyncProperty(filter, period, async ({ source: _source, ...asked }, days) => {
        const { ask } = service()
        const query = new URLSearchParams({ ...asked, ...days }).toString()
        const { items } = await ask<{ items: SourceItem[] }>(`/sources?${query}&limit=500`)
        for (const item of items) {
          const detail = await ask<SourceDetail>(`/sources/${item.source}?${query}`)
          expect(pick(detail)).toEqual(pick(item))
          expect(add(detail.days)).toEqual(pick(item))
          expect(add(detail.reporters)).toEqual(pick(item))
          expect(add(detail.domains)).toEqual(pick(item))
          expect(detail.identities.reduce((sum, it) => sum + it.messages, 0)).toBe(item.messages)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('of a sender is the same in the list, on its own page and as a filter', async () => {
    await fc.assert(
      fc.asyncProperty(filter, period, async (asked, days) => {
        const { ask } = service()
        const query = new URLSearchParams({ ...asked, ...days }).toString()
        const { items } = await ask<{ items: SenderItem[] }>(`/senders?${query}&limit=500`)
        for (const item of items) {
          const detail = await ask<SenderDetail>(`/senders/${item.id}?${query}`)
          const summary = await ask<Summary>(`/summary?${query}&sender=${item.id}`)
          expect(pick(detail)).toEqual(pick(summary))
          expect([detail.messages, detail.dmarcFail]).toEqual([item.messages, item.dmarcFail])
          for (const parts of [detail.days, detail.reporters, detail.domains]) expect(add(parts)).toEqual(pick(detail))
          expect(detail.identities.reduce((sum, it) => sum + it.messages, 0)).toBe(item.messages)
          if (asked.domain !== undefined) expect(item.sources).toBe(summary.sources)
          else expect(item.sources).toBeGreaterThanOrEqual(summary.sources)
        }
      }),
      { numRuns: 20 },
    )
  })
})
