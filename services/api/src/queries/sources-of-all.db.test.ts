import type { SourceItem, Summary } from '@ruadar/contract'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { countSpans, makeAllSpans } from '../../../../tests/harness/spans.ts'
import { type Report, storeReport } from '../../testing/reports.ts'
import { useService } from '../../testing/service.ts'

const service = useService()

const day = fc.integer({ min: 1, max: 20 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`)
/** Of 160 addresses most come once; the ten that come often have several days and verdicts. */
const sourceIp = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 150 }).map((number) => `2001:db8::${number.toString(16)}`) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 }).map((number) => `192.0.2.${number}`) },
  { weight: 1, arbitrary: fc.constant(null) },
)
const verdict = fc.constantFrom('pass' as const, 'fail' as const)
const report: fc.Arbitrary<Report> = fc.record({
  day,
  rows: fc.array(
    fc.record({
      sourceIp,
      count: fc.integer({ min: 0, max: 9 }),
      dkim: verdict,
      spf: verdict,
      disposition: fc.constantFrom('none', 'reject'),
    }),
    { minLength: 1, maxLength: 8 },
  ),
})

let stored: Report[]
beforeAll(async () => {
  const { database } = service()
  stored = fc.sample(report, { numRuns: 80, seed: 20260415 })
  // Some come again on other days than those whose sums are made already, some on days whose sums are then no longer true, some never.
  const changing = stored.filter(({ day }) => day > '2026-03-16').slice(0, 5)
  const others = stored.filter((it) => !changing.includes(it))
  for (const ofDay of [(day: string) => day > '2026-03-08', (day: string) => day <= '2026-03-08']) {
    for (const it of others.filter(({ day }) => ofDay(day))) await storeReport(database, it)
    await makeAllSpans(database)
  }
  for (const it of changing) await storeReport(database, it)
  const { valid, changed } = await countSpans(database)
  expect([valid > 0, changed > 0]).toEqual([true, true])
})

type Listed = [source: string, messages: number, failing: number, firstDay: string, lastDay: string]
interface Asked {
  sort: 'failing' | 'messages'
  dmarc: 'pass' | 'fail' | undefined
  dkim: 'pass' | 'fail' | undefined
  disposition: 'none' | 'reject' | undefined
}

/** What the rows say of each source. */
function expectedOf({ sort, dmarc, dkim, disposition }: Asked, from: string, to: string): Listed[] {
  const sums = new Map<string, Listed>()
  for (const { day = '', rows } of stored) {
    if (day < from || day >= to) continue
    for (const row of rows) {
      const fails = row.dkim !== 'pass' && row.spf !== 'pass'
      if ((dmarc !== undefined && (dmarc === 'fail') !== fails) || (disposition ?? row.disposition) !== row.disposition) continue
      if ((dkim ?? row.dkim) !== row.dkim) continue
      const source = row.sourceIp ?? '::'
      const [, messages, failing, firstDay, lastDay] = sums.get(source) ?? [source, 0, 0, day, day]
      const count = row.count ?? 0
      const days = [firstDay, lastDay, day].toSorted()
      sums.set(source, [source, messages + count, failing + (fails ? count : 0), days[0] as string, days[2] as string])
    }
  }
  const rank = (it: Listed) => (sort === 'failing' ? it[2] : 0)
  return [...sums.values()].toSorted((a, b) => rank(b) - rank(a) || b[1] - a[1] || compareAddresses(a[0], b[0]))
}

/** IPv4 first, as PostgreSQL has it; addresses of this test differ in their last part alone. */
function compareAddresses(a: string, b: string): number {
  const key = (address: string): [number, number] =>
    address.includes('.')
      ? [4, Number(address.split('.').at(-1))]
      : [6, address === '::' ? -1 : Number.parseInt(address.split(':').at(-1) as string, 16)]
  const [[familyA, numberA], [familyB, numberB]] = [key(a), key(b)]
  return familyA - familyB || numberA - numberB
}

it('lists every source of all domains once and in order, page by page, and counts them', async () => {
  const { ask } = service()
  const asked: fc.Arbitrary<Asked> = fc.record({
    sort: fc.constantFrom('failing', 'messages'),
    dmarc: fc.option(fc.constantFrom('pass' as const, 'fail' as const), { nil: undefined }),
    dkim: fc.option(fc.constantFrom('pass' as const, 'fail' as const), { nil: undefined, freq: 2 }),
    disposition: fc.option(fc.constantFrom('none' as const, 'reject' as const), { nil: undefined, freq: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(asked, day, day, fc.integer({ min: 3, max: 60 }), async (asked, one, other, limit) => {
      const [from, to] = one < other ? [one, other] : [other, '2026-03-31']
      const filter = Object.entries(asked).flatMap(([name, value]) => (value === undefined || name === 'sort' ? [] : [`&${name}=${value}`]))
      const query = `from=${from}&to=${to}${filter.join('')}`
      const found: Listed[] = []
      let after = ''
      do {
        const page = await ask<{ items: SourceItem[]; next: string | null }>(`/sources?${query}&sort=${asked.sort}&limit=${limit}${after}`)
        found.push(...page.items.map((it): Listed => [it.source, it.messages, it.dmarcFail, it.firstDay, it.lastDay]))
        after = page.next === null ? '' : `&after=${page.next}`
      } while (after !== '')
      const expected = expectedOf(asked, from, to)
      expect(found).toEqual(expected)
      const { sources } = await ask<Summary>(`/summary?${query}`)
      expect(sources).toBe(expected.filter(([source]) => source !== '::').length)
    }),
    { numRuns: 60 },
  )
})
