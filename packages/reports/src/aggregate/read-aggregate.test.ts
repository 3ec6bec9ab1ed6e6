import { describe, expect, test } from 'vitest'
import { readAll } from '../../testing/read-all.ts'
import { writeAggregate } from '../generate/aggregate-xml.ts'
import { largeReport } from '../generate/large-report.ts'
import { fromBytes } from '../source.ts'

const sound = writeAggregate(largeReport({ records: 2 }))

async function read(text: string | Uint8Array) {
  const [report, ...others] = await readAll(fromBytes(Buffer.from(text)))
  if (report === undefined || !('records' in report) || others.length > 0) throw new Error(`not one report: ${JSON.stringify(report)}`)
  return report
}

describe('what is odd in a whole report is told, and does no harm', () => {
  test.each([
    ['nothing', sound, []],
    ['blank lines before the XML declaration', `\n\n${sound}`, [['text_before_document', '']]],
    ['control characters', sound.replace('<org_name>', '<org_name>\b'), [['control_characters', '']]],
    ['zero bytes', sound.replace('</record>', '</record>\0'), [['control_characters', '']]],
    [
      'an element that no dialect knows',
      sound.replace('<policy_published>', '<note>x</note><policy_published>'),
      [['unknown_element', '']],
    ],
    ['a name twice', sound.replace('<email>', '<org_name>other</org_name><email>'), [['repeated', 'report_metadata/org_name']]],
    ['a domain twice', sound.replace('<adkim>', '<domain>other.example</domain><adkim>'), [['repeated', 'policy_published/domain']]],
    [
      'no verdicts in a record',
      sound.replace(/<policy_evaluated>[\s\S]*?<\/policy_evaluated>/, ''),
      ['disposition', 'dkim', 'spf'].map((it) => ['missing', `record[0]/row/policy_evaluated/${it}`]),
    ],
  ])('%s', async (_, text, warnings) => {
    const report = await read(text)
    expect(report).toMatchObject({ orgName: 'large.example', policy: { domain: 'example.com' }, totals: { records: 2 } })
    expect(report.warnings.map(({ code, path }) => [code, path])).toEqual(warnings)
  })

  test('records in a list of their own, which nobody counts', async () => {
    const report = await read(sound.replace('<record>', '<records><record>').replace('</feedback>', '</records></feedback>'))
    expect(report).toMatchObject({ totals: { records: 0 }, warnings: [{ code: 'unknown_element', value: 'records' }] })
  })

  test('a document that declares ASCII and is UTF-8', async () => {
    expect(await read(sound.replace('UTF-8', 'us-ascii').replace('<org_name>', '<org_name>B\u00fcro '))).toMatchObject({
      orgName: 'B\u00fcro large.example',
    })
  })
})

describe('a period in words is read where it is clear', () => {
  test.each([
    ['2026-01-01T00:00:00Z', 'text_time'],
    ['2026-01-01T02:00:00+02:00', 'text_time'],
    ['2026-01-01 00:00:00', 'no_zone'],
    ['2026-01-01', 'text_time'],
    ['Thu, 01 Jan 2026 00:00:00 +0000', 'text_time'],
    ['1767225600000', 'time_in_milliseconds'],
  ])('%s', async (begin, code) => {
    const report = await read(sound.replace(/<begin>\d+/, `<begin>${begin}`))
    expect(report).toMatchObject({ begin: 1_767_225_600, warnings: [{ code, path: 'report_metadata/date_range/begin', value: begin }] })
  })

  test.each(['01/02/2026', '2026-02-30', 'yesterday', '20260101T000000', '-1'])('and refused where it is not: %s', async (begin) => {
    const found = await readAll(fromBytes(Buffer.from(sound.replace(/<begin>\d+/, `<begin>${begin}`))))
    expect(found).toMatchObject([{ type: 'rejected', reason: { code: 'no_period' } }])
  })
})
