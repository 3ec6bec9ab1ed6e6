import { sql } from '@ruadar/platform'
import { describe, expect, it } from 'vitest'
import { failureReport } from '../../../tests/harness/other-kinds.ts'
import { useDatabase } from '../../../tests/harness/postgres.ts'
import { storeMails } from './intake.ts'
import { deleteOldSamples } from './retention.ts'
import { createDictionary } from './store/dictionary.ts'
import { saveFailure } from './store/failure.ts'
import { type MailOutcome, saveOutcomes } from './store/outcomes.ts'

describe('deleting failure reports past their time', () => {
  const database = useDatabase()
  let made = 0

  async function mail(outcome: (mailId: number) => Promise<Partial<MailOutcome>>): Promise<number> {
    const { db } = database()
    const [stored] = await storeMails(db, [{ raw: Buffer.from(`mail ${++made}`), origin: 'import' }])
    const id = stored?.id ?? 0
    const envelope = { subject: 'FW: Invoice 4711', sender: 'reports@mx.example.org' }
    await saveOutcomes(db, [{ id, outcomes: [{ part: 'eml', outcome: 'imported', kind: 'failure', ...(await outcome(id)) }], envelope }])
    return id
  }
  const mailWith = (content: string) =>
    mail(async (id) => {
      const { db } = database()
      const saved = await saveFailure(db, createDictionary(db), { id, part: 'eml', receivedAt: 0 }, failureReport({ content }))
      return { outcome: saved.outcome, reportId: saved.id }
    })
  const age = (days: number) =>
    sql`with aged as (update failure_reports set stored_at = stored_at - make_interval(days => ${days}))
      update mails set stored_at = stored_at - make_interval(days => ${days})`.execute(database().db)
  async function rawOf(...ids: number[]) {
    const { rows } = await sql<{ kept: boolean; subject: string | null; sender: string }>`
      select raw is not null as kept, subject, sender from mails where id = any(${ids}) order by id`.execute(database().db)
    return rows
  }

  it('takes the mail with it, and every mail that repeats it, but not younger ones; the sender stays', async () => {
    const old = await mailWith('old')
    const repeated = await mailWith('old')
    await age(20)
    const young = await mailWith('young')
    await age(10)
    expect(await deleteOldSamples(database().db, 31)).toEqual({ reports: 0, mails: 0 })
    expect(await deleteOldSamples(database().db, 30)).toEqual({ reports: 1, mails: 2 })
    const gone = { kept: false, subject: null, sender: 'reports@mx.example.org' }
    expect(await rawOf(old, repeated, young)).toEqual([gone, gone, { ...gone, kept: true, subject: 'FW: Invoice 4711' }])
    const { rows } = await sql`
      select kind, outcome, failure_report_id as id from mail_outcomes where mail_id in (${old}, ${repeated}) order by mail_id`.execute(
      database().db,
    )
    expect(rows).toEqual([
      { kind: 'failure', outcome: 'imported', id: null },
      { kind: 'failure', outcome: 'duplicate', id: null },
    ])
  })

  it('empties mails whose failure report was not taken, and leaves all others alone', async () => {
    const refused = await mail(async () => ({ outcome: 'quarantined', code: 'unknown_domain' }))
    const aggregate = await mail(async () => ({ kind: 'aggregate' }))
    await age(40)
    await deleteOldSamples(database().db, 30)
    expect((await rawOf(refused, aggregate)).map(({ kept }) => kept)).toEqual([false, true])
  })

  it('keeps nothing at 0 days, and comes to an end with more than one step', async () => {
    await mailWith('one of many')
    await sql`
      insert into failure_reports (mail_id, part, content_hash, domain_id, reporter_id, arrived_at, arrival_reported, incidents, rcpt_to,
        authentication_results, dkim, spf_dns, headers, warnings)
      select mail_id, part, sha256(n::text::bytea), domain_id, reporter_id, arrived_at, true, 1, '[]', '[]', '{}', '[]', '[]', '[]'
      from (select * from failure_reports limit 1) r, generate_series(1, 1200) n`.execute(database().db)
    const { reports } = await deleteOldSamples(database().db, 0)
    expect(reports).toBeGreaterThan(1200)
    const { rows } = await sql`select 1 from failure_reports`.execute(database().db)
    expect(rows).toEqual([])
  })

  it('leaves a mail that waits for a reader, with its report, to the next time', async () => {
    const waiting = await mailWith('waiting')
    await sql`update mails set state = 'stored' where id = ${waiting}`.execute(database().db)
    expect(await deleteOldSamples(database().db, 0)).toEqual({ reports: 0, mails: 0 })
    expect((await rawOf(waiting))[0]?.kept).toBe(true)
  })

  it('leaves it to another process that is at it', async () => {
    const waiting = await mailWith('two processes')
    await database()
      .db.transaction()
      .execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${0x73_61_6d_70_6c_65})`.execute(trx)
        expect(await deleteOldSamples(database().db, 0)).toEqual({ reports: 0, mails: 0 })
      })
    expect((await deleteOldSamples(database().db, 0)).reports).toBe(1)
    expect((await rawOf(waiting))[0]?.kept).toBe(false)
  })
})
