import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { noteDeviations } from './deviations.ts'
import { createDictionary } from './dictionary.ts'

describe('noting deviations', () => {
  const database = useDatabase()
  const reporter = (name: string) => createDictionary(database().db).name('reporters', name)
  async function known(reporterId: number) {
    const { rows } = await sql`
      select kind, code, path, reports, last_report_id as last, last_value as value from deviations
      where reporter_id = ${reporterId} order by kind, code, path`.execute(database().db)
    return rows
  }

  it('counts reports, not how often a report deviates, whatever the number of the record', async () => {
    const reporterId = await reporter('mx.example')
    const wrong = (record: number, value: string) => ({ code: 'bad_count', path: `record[${record}]/row/count`, value })
    await noteDeviations(database().db, 'aggregate', [
      { reporterId, reportId: 1, warnings: [wrong(0, 'x'), wrong(7, 'y')] },
      { reporterId, reportId: 2, warnings: [wrong(3, 'z\0'), { code: 'missing', path: 'report_id', value: null }] },
    ])
    await noteDeviations(database().db, 'aggregate', [{ reporterId, reportId: 3, warnings: [wrong(1, 'w')] }])
    expect(await known(reporterId)).toEqual([
      { kind: 'aggregate', code: 'bad_count', path: 'record/row/count', reports: 3, last: 3, value: 'w' },
      { kind: 'aggregate', code: 'missing', path: 'report_id', reports: 1, last: 2, value: null },
    ])
  })

  it('keeps no value of a failure report', async () => {
    const reporterId = await reporter('mx.example.org')
    await noteDeviations(database().db, 'failure', [
      { reporterId, reportId: 9, warnings: [{ code: 'bad_address', path: 'Original-Rcpt-To', value: 'anna@example.org' }] },
    ])
    expect(await known(reporterId)).toMatchObject([{ reports: 1, value: null }])
  })

  it('lets processes that note the same ones at the same time wait for each other', async () => {
    const ids = [await reporter('one.example'), await reporter('two.example')]
    const warnings = ['a', 'b', 'c'].map((code) => ({ code, path: 'p', value: null }))
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => {
        const order = index % 2 ? ids : ids.toReversed()
        const reports = order.map((reporterId) => ({ reporterId, reportId: index, warnings: index % 3 ? warnings : warnings.toReversed() }))
        return database()
          .db.transaction()
          .execute((trx) => noteDeviations(trx, 'tls', reports))
      }),
    )
    for (const id of ids) expect(await known(id)).toMatchObject([{ reports: 16 }, { reports: 16 }, { reports: 16 }])
  })
})
