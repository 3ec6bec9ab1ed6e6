import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { failureReport } from '../../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { storeMails } from '../intake.ts'
import { createDictionary } from './dictionary.ts'
import { saveFailure } from './failure.ts'

describe('storing failure reports', () => {
  const database = useDatabase()
  const receivedAt = Date.parse('2026-03-16T08:00:00Z') / 1000

  async function save(mailText: string, report: ReturnType<typeof failureReport>) {
    const { db } = database()
    const [mail] = await storeMails(db, [{ raw: Buffer.from(mailText), origin: 'import' }])
    return db.transaction().execute((trx) => saveFailure(trx, createDictionary(db), { id: mail?.id ?? 0, part: 'eml', receivedAt }, report))
  }
  async function read(id: number, columns: string) {
    const { rows } = await sql`select ${sql.raw(columns)} from failure_reports where id = ${id}`.execute(database().db)
    return rows[0]
  }

  it('keeps the same report once, and lets its own mail meet it again', async () => {
    const first = await save('mail 1', failureReport({ content: 'same' }))
    const repeated = await save('mail 2', failureReport({ content: 'same' }))
    const again = await save('mail 1', failureReport({ content: 'same' }))
    expect([first.outcome, repeated.outcome, again.outcome]).toEqual(['imported', 'duplicate', 'imported'])
    expect([repeated.id, again.id]).toEqual([first.id, first.id])
  })

  it('keeps one of two that are stored at the same time', async () => {
    const both = await Promise.all([
      save('at once 1', failureReport({ content: 'race' })),
      save('at once 2', failureReport({ content: 'race' })),
    ])
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'imported'])
    expect(both[0]?.id).toBe(both[1]?.id)
  })

  it('takes the time of the mail when the report has none, or one that no calendar has', async () => {
    for (const arrivalDate of [null, -1, 1e15]) {
      const { id } = await save(`no time ${arrivalDate}`, failureReport({ arrivalDate }))
      expect(await read(id, 'arrived_at, arrival_reported')).toEqual({ arrived_at: new Date(receivedAt * 1000), arrival_reported: false })
    }
  })

  it('takes texts that PostgreSQL refuses, and numbers that no column holds', async () => {
    const evil = 'a\0b\ud800c'
    const report = failureReport({
      reportedDomain: null,
      sourceIp: null,
      authFailure: evil.repeat(1000),
      incidents: Number.MAX_SAFE_INTEGER,
      originalRcptTo: [evil],
      reporter: `${evil}${'x'.repeat(5000)}`,
      warnings: [{ code: 'odd', path: 'Arrival-Date', value: evil }],
    })
    const { id } = await save('hostile', {
      ...report,
      original: { ...report.original, subject: evil, headers: [{ name: evil, value: evil }] },
    })
    expect(await read(id, 'subject, rcpt_to, headers, incidents')).toEqual({
      subject: 'ab\ufffdc',
      rcpt_to: ['ab\ufffdc'],
      headers: [{ name: 'ab\ufffdc', value: 'ab\ufffdc' }],
      incidents: 2_147_483_647,
    })
  })
})
