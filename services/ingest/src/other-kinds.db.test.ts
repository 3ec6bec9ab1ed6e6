import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { ingestAll, readOutcomes } from '../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'

/** A failure report as a receiver mails it: feedback fields, and the whole message with its body. */
function failureMail({ domain = 'example.com', subject = 'Invoice' } = {}): Buffer {
  const sample = `From: <billing@${domain}>\r\nTo: <someone@receiver.example>\r\nSubject: ${subject}\r\n\r\nThe secret body\r\n`
  const feedback = [
    'Feedback-Type: auth-failure',
    'User-Agent: test/1',
    'Version: 1',
    'Auth-Failure: dmarc',
    `Reported-Domain: ${domain}`,
    'Source-IP: 192.0.2.9',
    'Arrival-Date: Thu, 01 Jan 2026 10:00:05 +0000',
  ]
  const part = (type: string, body: string) => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`
  return Buffer.from(
    'From: <noreply@receiver.example>\r\nTo: <ruf@example.com>\r\nSubject: FW\r\nMIME-Version: 1.0\r\n' +
      'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n' +
      `${part('text/plain', 'A report.')}${part('message/feedback-report', feedback.join('\r\n'))}${part('message/rfc822', sample)}--b--\r\n`,
  )
}

function tlsReport({ id = 'tls-1', failed = 2 } = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      'organization-name': 'Receiver',
      'date-range': { 'start-datetime': '2026-01-01T00:00:00Z', 'end-datetime': '2026-01-01T23:59:59Z' },
      'contact-info': 'tls@receiver.example',
      'report-id': id,
      policies: [
        {
          policy: {
            'policy-type': 'sts',
            'policy-string': ['version: STSv1'],
            'policy-domain': 'example.com',
            'mx-host': ['mx.example.com'],
          },
          summary: { 'total-successful-session-count': 40, 'total-failure-session-count': failed },
          'failure-details': [{ 'result-type': 'certificate-expired', 'failed-session-count': failed }],
        },
      ],
    }),
  )
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
