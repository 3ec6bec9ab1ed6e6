import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { tlsFailure, tlsPolicy, tlsReport } from '../../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { storeMails } from '../intake.ts'
import { setTlsCounted } from '../set-counted.ts'
import { createDictionary } from './dictionary.ts'
import { saveTls } from './tls.ts'

describe('storing TLS reports', () => {
  const database = useDatabase()
  let mails = 0

  async function save(report: ReturnType<typeof tlsReport>, mailText = `mail ${++mails}`) {
    const { db } = database()
    const [mail] = await storeMails(db, [{ raw: Buffer.from(mailText), origin: 'import' }])
    return db.transaction().execute((trx) => saveTls(trx, createDictionary(db), { id: mail?.id ?? 0, part: 'json' }, report))
  }
  async function sums(domain: string) {
    const { rows } = await sql<{ type: string; successful: number; failed: number; reports: number }>`
      select t.policy_type as type, t.successful, t.failed, t.reports from daily_tls t join domains d on d.id = t.domain_id
      where d.name = ${domain} order by 1`.execute(database().db)
    const { rows: failures } = await sql<{ type: string; mx: string; sessions: number }>`
      select t.result_type as type, t.receiving_mx_hostname as mx, t.sessions from daily_tls_failures t join domains d on d.id = t.domain_id
      where d.name = ${domain} order by 1, 2`.execute(database().db)
    return { policies: rows, failures }
  }

  it('adds up two policies of one type in one report, and both types of one domain', async () => {
    const policyDomain = 'sums.example'
    const policies = [
      tlsPolicy({ policyDomain }),
      tlsPolicy({
        policyDomain,
        successful: 5,
        failed: 1,
        failureDetails: [tlsFailure({ failedSessions: 1 }), tlsFailure({ failedSessions: 0, resultType: 'none' })],
      }),
      tlsPolicy({
        policyDomain,
        policyType: 'tlsa',
        successful: 7,
        failed: 2,
        failureDetails: [tlsFailure({ receivingMxHostname: null, failedSessions: 2 })],
      }),
    ]
    await save(tlsReport({ policies }))
    expect(await sums(policyDomain)).toEqual({
      policies: [
        { type: 'sts', successful: 95, failed: 11, reports: 1 },
        { type: 'tlsa', successful: 7, failed: 2, reports: 1 },
      ],
      failures: [
        { type: 'certificate-expired', mx: '', sessions: 2 },
        { type: 'certificate-expired', mx: 'mx.example.com', sessions: 11 },
      ],
    })
  })

  it('counts the same JSON once, and lets its own mail meet it again', async () => {
    const report = tlsReport({ policies: [tlsPolicy({ policyDomain: 'once.example' })] })
    const first = await save(report, 'own mail')
    expect([first.outcome, (await save(report)).outcome, (await save(report, 'own mail')).outcome]).toEqual([
      'imported',
      'duplicate',
      'imported',
    ])
    expect((await sums('once.example')).policies).toEqual([{ type: 'sts', successful: 90, failed: 10, reports: 1 }])
  })

  it('keeps another report under the same key out of the sums until the operator lets it count, and back', async () => {
    const key = { reportId: 'same', day: '2026-03-16' }
    const first = await save(tlsReport({ ...key, policies: [tlsPolicy({ policyDomain: 'key.example' })] }))
    const second = await save(
      tlsReport({ ...key, policies: [tlsPolicy({ policyDomain: 'key.example', successful: 3, failed: 0, failureDetails: [] })] }),
    )
    expect([first.outcome, second.outcome]).toEqual(['imported', 'conflict'])
    const before = await sums('key.example')
    expect(before.policies).toEqual([{ type: 'sts', successful: 90, failed: 10, reports: 1 }])
    await setTlsCounted(database().db, second.id)
    expect(await sums('key.example')).toEqual({ policies: [{ type: 'sts', successful: 3, failed: 0, reports: 1 }], failures: [] })
    await setTlsCounted(database().db, first.id)
    await setTlsCounted(database().db, first.id)
    expect(await sums('key.example')).toEqual(before)
  })

  it('keeps a report of nobody about nothing, and texts that PostgreSQL refuses', async () => {
    const evil = 'a\0b\ud800'
    await save(tlsReport({ reporter: '', reportId: null, policies: [] }))
    const { id } = await save(
      tlsReport({
        reporter: evil.repeat(500),
        reportId: '\u{1f4e7}'.repeat(5000),
        organization: evil,
        policies: [
          tlsPolicy({
            policyDomain: null,
            policyStrings: [evil],
            failureDetails: [tlsFailure({ resultType: evil.repeat(500), receivingMxHostname: '\u{1f4e7}'.repeat(5000) })],
          }),
        ],
      }),
    )
    const { rows } = await sql`select policy_strings from tls_policies where report_id = ${id}`.execute(database().db)
    expect(rows).toEqual([{ policy_strings: ['ab\ufffd'] }])
  })
})
