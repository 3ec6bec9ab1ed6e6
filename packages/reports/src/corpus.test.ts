import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readAll, type WholeReport } from '../testing/read-all.ts'
import { fromBytes } from './source.ts'

// Real and crafted reports with the facts in them, kept beside the checkout and not in it.
const folder = new URL('../../../../shared/corpus/aggregate/', import.meta.url)
const present = existsSync(new URL('expected.json', folder))

interface Facts {
  report_id: string | null
  begin: number
  end: number
  domain: string
  records: number
  messages: number
  pass: number
  source_ips: number
  record_list: [string | null, number | null, ...unknown[]][]
}

describe.skipIf(!present)(`corpus${present ? '' : ' (skipped: the folder shared/corpus is not beside the checkout)'}`, () => {
  const expected: Record<string, { reports: Facts[] }> = present ? JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) : {}
  const collapse = (text: string | null) =>
    text
      ?.trim()
      .replace(/\s+/g, ' ')
      .replace(/^<(.*)>$/, '$1') ?? null

  test.each(Object.keys(expected))('%s', async (name) => {
    const found = await readAll(fromBytes(readFileSync(new URL(name, folder))))
    const facts = found.map((it) => {
      if (!('records' in it)) return it
      return {
        report_id: collapse(it.reportId),
        begin: it.begin,
        end: it.end,
        domain: it.policy.domain,
        records: it.totals.records,
        messages: it.totals.messages,
        pass: it.totals.dmarcPass,
        source_ips: it.totals.sources,
        rows: rowsOf(it),
      }
    })
    expect(facts).toEqual(
      expected[name]?.reports.map(({ report_id, begin, end, domain, records, messages, pass, source_ips, record_list }) => ({
        report_id: collapse(report_id),
        begin,
        end,
        domain: domain.toLowerCase(),
        records,
        messages,
        pass,
        source_ips,
        rows: record_list.map(([source, count]) => [source, count]),
      })),
    )
  })
})

function rowsOf(report: WholeReport): [string | null, number][] {
  return report.records.map((it) => [it.sourceIp, it.count])
}
