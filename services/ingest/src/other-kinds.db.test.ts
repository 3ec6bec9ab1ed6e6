import { sql } from '@ruadar/platform'
import { sampleFailures, sampleTlsReports, writeFailureMail, writeTls } from '@ruadar/reports/generate'
import { describe, expect, it } from 'vitest'
import { ingestAll, readOutcomes } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'

const day = { firstDay: Date.parse('2026-01-01T00:00:00Z') / 1000, days: 1 }

/** A failure report as a receiver mails it: feedback fields, and the whole message with its body. */
function failureMail({ domain = 'example.com', subject = 'Invoice' } = {}): Buffer {
  const [content] = sampleFailures({ ...day, domain })
  if (content === undefined) throw new Error('there is one a day')
  const headers = [{ name: 'Subject', value: subject }]
  return writeFailureMail({ ...content, sourceIp: '192.0.2.9', headers, body: 'The secret body' })
}

function tlsReport({ id = 'tls-1', failed = 2 } = {}): Buffer {
  const [content] = sampleTlsReports(day)
  const [policy] = content?.policies ?? []
  if (content === undefined || policy === undefined) throw new Error('there is one a day')
  return Buffer.from(writeTls({ ...content, reportId: id, policies: [{ ...policy, successful: 40, failed }] }))
}

describe('failure reports and TLS reports from raw bytes to rows', () => {
  const database = useDatabase()

  it('keeps a failure report once, and of its mail no body', async () => {
    const ids = await ingestAll(database(), [failureMail(), Buffer.concat([Buffer.from('X-Relay: another\r\n'), failureMail()])])
    const outcomes = (await readOutcomes(database(), ids)).map(({ outcome }) => outcome).sort()
    expect(outcomes).toEqual(['duplicate', 'imported'])
    const { rows: reports } = await sql`
      select d.name as domain, host(f.source_ip) as source, auth_failure, subject, body from failure_reports f join domains d on d.id = f.domain_id`.execute(
      database().db,
    )
    expect(reports).toEqual([{ domain: 'example.com', source: '192.0.2.9', auth_failure: 'dmarc', subject: 'Invoice', body: null }])
    const { rows: mails } = await sql<{
      reduced: boolean
      raw: Buffer
    }>`select reduced, raw from mails where id = any(${ids}::bigint[])`.execute(database().db)
    expect(mails.map(({ reduced, raw }) => [reduced, raw.includes('Invoice'), raw.includes('secret')])).toEqual([
      [true, true, false],
      [true, true, false],
    ])
  })

  it('keeps the body when the operator says so', async () => {
    const ids = await ingestAll(database(), [failureMail({ subject: 'With body' })], { RUADAR_SAMPLE_BODIES: 'true' })
    const { rows } = await sql`
      select f.body, m.reduced from failure_reports f join mails m on m.id = f.mail_id where m.id = any(${ids}::bigint[])`.execute(
      database().db,
    )
    expect(rows).toEqual([{ body: expect.stringContaining('The secret body'), reduced: false }])
  })

  it('sums a TLS report once, and keeps another with its key as a conflict', async () => {
    const ids = await ingestAll(database(), [tlsReport()])
    const again = await ingestAll(database(), [Buffer.concat([Buffer.from('\n'), tlsReport({ failed: 5 })])])
    const outcomes = await readOutcomes(database(), [...ids, ...again])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['imported', 'conflict'])
    const { rows } = await sql`select successful::int, failed::int from daily_tls`.execute(database().db)
    expect(rows).toEqual([{ successful: 40, failed: 2 }])
  })

  it('takes neither for a domain that the operator does not list', async () => {
    const ids = await ingestAll(database(), [failureMail({ domain: 'example.net' }), tlsReport({ id: 'strange' })], {
      RUADAR_DOMAINS: 'example.org',
    })
    expect((await readOutcomes(database(), ids)).map(({ code }) => code)).toEqual(['unknown_domain', 'unknown_domain'])
    // What has no rows keeps its bytes, so that nothing is lost by a wrong setting.
    const { rows } = await sql<{ reduced: boolean; raw: Buffer }>`select reduced, raw from mails where id = ${ids[0] ?? 0}`.execute(
      database().db,
    )
    expect(rows.map(({ reduced, raw }) => [reduced, raw.includes('secret')])).toEqual([[false, true]])
  })
})
