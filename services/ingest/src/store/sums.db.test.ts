import { sql } from '@ruadar/platform'
import { expect, it } from 'vitest'
import { compareSpans } from '../../../../cli/src/verify/spans.ts'
import { compareMonth, findMonths } from '../../../../cli/src/verify/totals.ts'
import { ingestAll, readOutcomes } from '../../../../tests/harness/ingest.ts'
import { useDatabase } from '../../../../tests/harness/postgres.ts'
import { randomMails, testMail } from '../../../../tests/harness/reports.ts'
import { countSpans, makeAllSpans } from '../../../../tests/harness/spans.ts'
import { verdictNumber } from '../reading/columns.ts'
import { setCounted } from '../set-counted.ts'
import { enoughOf } from './spans.ts'
import { foldDay, foldNextDay } from './fold.ts'
import { createMonths } from './months.ts'

const database = useDatabase()

async function findDifferences(): Promise<string[]> {
  const found = []
  for (const month of await findMonths(database().db))
    found.push(...(await compareMonth(database(), month, 100)), ...(await compareSpans(database(), month, 100)))
  return found.map(({ what }) => what)
}

const countRows = async (): Promise<number> => {
  const { rows } = await sql<{ rows: number }>`
    select (select count(*) from daily_totals) + (select count(*) from daily_domains) + (select count(*) from daily_reporters)
      + (select count(*) from daily_sources) as rows`.execute(database().db)
  return rows[0]?.rows ?? 0
}

async function foldAll(): Promise<void> {
  const { rows } = await sql<{ day: string }>`select distinct day from days_to_fold`.execute(database().db)
  for (const { day } of rows)
    await database()
      .db.transaction()
      .execute((trx) => foldDay(trx, day))
}

it('says the same before and after sums are folded, and has fewer rows', async () => {
  const { db } = database()
  await ingestAll(database(), randomMails(60, 'folded').mails)
  await sql`update days_to_fold set since = now() - interval '1 hour'`.execute(db)
  expect(await findDifferences()).toEqual([])
  const before = await countRows()
  while (await db.transaction().execute(foldNextDay));
  expect(await findDifferences()).toEqual([])
  expect(await countRows()).toBeLessThan(before)
  const { rows } = await sql`select from days_to_fold`.execute(db)
  expect(rows).toEqual([])
})

it('keeps a day that has few new rows for later', async () => {
  await ingestAll(database(), [testMail({ reportId: 'few', day: 2, records: [{ count: 5 }] })])
  expect(await database().db.transaction().execute(foldNextDay)).toBe(false)
})

it('loses nothing when days are folded while mail comes in, by two at once', async () => {
  const mails = randomMails(80, 'beside')
  let over = false
  const folding = [1, 2].map(async () => {
    while (!over) await foldAll()
  })
  await ingestAll(database(), mails.mails)
  over = true
  await Promise.all(folding)
  expect(await findDifferences()).toEqual([])
})

it('takes a report out that counts no longer, from every sum at once', async () => {
  const { db } = database()
  const report = { reportId: 'twice', day: 9, domain: 'switched.example' }
  const sources = ['192.0.2.201', '192.0.2.202']
  const mails = await ingestAll(
    database(),
    sources.map((sourceIp) => testMail({ ...report, records: [{ count: 10, sourceIp }] })),
  )
  const outcomes = await readOutcomes(database(), mails)
  const later = outcomes.findIndex(({ outcome }) => outcome === 'conflict')
  expect(later).toBeGreaterThanOrEqual(0)
  await setCounted(db, outcomes[later]?.reportId ?? 0)
  expect(await findDifferences()).toEqual([])
  const { rows } = await sql<{ source: string }>`
    select host(source_ip) as source from daily_sources where source_ip = any(${sources}::inet[])`.execute(db)
  expect(rows).toEqual([{ source: sources[later] }])
})

it('sums up several days, and lets nobody ask those that have changed since', async () => {
  await makeAllSpans(database())
  const before = await countSpans(database())
  expect(before).toEqual({ valid: expect.any(Number), changed: 0 })
  expect(before.valid).toBeGreaterThan(20)
  expect(await findDifferences()).toEqual([])

  const late = { domain: 'example.com', reportId: 'late for a span', day: 6 }
  const mails = await ingestAll(
    database(),
    [8, 9].map((count) => testMail({ ...late, records: [{ count, sourceIp: '192.0.2.203' }] })),
  )
  // Of the domain the day, of all two days; of both four days and half of the month.
  expect(await countSpans(database())).toEqual({ valid: before.valid - 6, changed: 6 })
  expect(await findDifferences()).toEqual([])
  await makeAllSpans(database())
  expect(await countSpans(database())).toEqual(before)
  const conflict = (await readOutcomes(database(), mails)).find(({ outcome }) => outcome === 'conflict')
  await setCounted(database().db, conflict?.reportId ?? 0)
  expect(await countSpans(database())).toEqual({ valid: before.valid - 6, changed: 6 })
  await makeAllSpans(database())
  expect(await findDifferences()).toEqual([])

  // A report that does not count changes no sum, but when the domain was heard of last.
  await ingestAll(database(), [testMail({ ...late, records: [{ count: 10, sourceIp: '192.0.2.203' }] })])
  expect(await countSpans(database())).toEqual({ valid: before.valid - 6, changed: 6 })
  await makeAllSpans(database())
  expect(await findDifferences()).toEqual([])
})

it('calls a source lone as long as it has no other day, and no other verdict', async () => {
  const { db } = database()
  const [once, twice, mixed, near] = ['192.0.2.211', '192.0.2.212', '192.0.2.213', '192.0.2.214'] as const
  const see = (reportId: string, day: number, sourceIps: string[], dkim: 'pass' | 'fail' = 'pass') =>
    ingestAll(database(), [
      testMail({ domain: 'lone.example', reportId, day, records: sourceIps.map((sourceIp) => ({ sourceIp, count: 5, dkim })) }),
    ])
  const lone = async () => {
    await makeAllSpans(database())
    expect(await findDifferences()).toEqual([])
    const { rows } = await sql<{ source: string; spans: number }>`
      select host(source_ip) as source, count(*) as spans from source_spans where lone and source_ip = any(${[once, twice, mixed, near]}::inet[])
      group by 1 order by 1`.execute(db)
    return rows.map(({ source, spans }) => [source, spans])
  }
  await see('lone 1', 6, [once, twice, mixed])
  expect(await lone()).toEqual([once, twice, mixed].map((source) => [source, 3]))
  await see('lone 2', 6, [mixed], 'fail')
  expect(await lone()).toEqual([once, twice].map((source) => [source, 3]))
  await see('lone 3', 60, [twice])
  expect(await lone()).toEqual([[once, 3]])
  // Alone in half of the month, but not in the pieces.
  await see('lone 5', 6, [near])
  expect(await lone()).toEqual([
    [once, 3],
    [near, 3],
  ])
  await see('lone 6', 10, [near])
  expect(await lone()).toEqual([
    [once, 3],
    [near, 1],
  ])
  // The same sum again is no other row.
  await see('lone 4', 6, [once])
  expect(await lone()).toEqual([
    [once, 3],
    [near, 1],
  ])

  await sql`update source_spans set lone = true where source_ip = ${twice}`.execute(db)
  expect(await findDifferences()).toHaveLength(12) // of six spans the mark, and how many have it
  await sql`update source_spans set lone = false where source_ip = ${twice}`.execute(db)
})

it('sums up the spans of a domain that have enough records', async () => {
  const { db } = database()
  const records = (count: number) => Array.from({ length: count }, (_, index) => ({ sourceIp: `192.0.2.${index % 250}`, count: 1 + index }))
  const see = (domain: string, day: number, count: number) =>
    testMail({ domain, day, reportId: `${domain} ${day}`, records: records(count) })
  await ingestAll(database(), [
    ...[1, 2, 5, 9, 10].flatMap((day) => [see('small.example', day, 95), see('half.example', day, 96)]), // of the 480 that 16 days need
    ...[1, 2].flatMap((day) => [see('piece.example', day, 499 + day), see('day.example', day, 998 + day)]),
  ])
  await makeAllSpans(database(), enoughOf)
  const { rows } = await sql<{ domain: string; days: number[] }>`
    select d.name as domain, array_agg(s.last_day - s.first_day + 1 order by s.last_day - s.first_day) as days
    from spans s join domains d on d.id = s.domain_id where s.made and d.name ~ '^(small|half|piece|day)[.]' group by 1 order by 1`.execute(
    db,
  )
  expect(rows).toEqual([
    { domain: 'day.example', days: [1, 4, 16] },
    { domain: 'half.example', days: [16] },
    { domain: 'piece.example', days: [4, 16] },
  ])
  expect(await findDifferences()).toEqual([])
})

it('sums up several days truly while mail comes in for them', async () => {
  let over = false
  const making = [1, 2].map(async () => {
    while (!over) await makeAllSpans(database())
  })
  await ingestAll(database(), randomMails(80, 'beside spans').mails)
  over = true
  await Promise.all(making)
  expect(await findDifferences()).toEqual([])
})

it('names sums of several days that do not agree', async () => {
  await makeAllSpans(database())
  for (const table of ['way_spans', 'source_spans', 'domain_spans']) {
    const one = sql`(select tableoid, ctid from ${sql.table(table)} limit 1)`
    await sql`update ${sql.table(table)} set messages = messages + 1 where (tableoid, ctid) = ${one}`.execute(database().db)
  }
  await sql`
    update spans set lone_sources = lone_sources + 1
    where ctid = (select ctid from spans where domain_id = 0 and made limit 1)`.execute(database().db)
  expect(await findDifferences()).toEqual([
    expect.stringMatching(/^way_spans: /),
    expect.stringMatching(/^source_spans: /),
    expect.stringMatching(/^spans: /),
    expect.stringMatching(/^domain_spans: /),
  ])
})

it('knows every verdict by the number that readers give it', async () => {
  const { rows } = await sql<Record<string, 'none' & 'pass'> & { id: number }>`select * from verdicts`.execute(database().db)
  expect(rows).toHaveLength(405)
  for (const { id, disposition, dkim, spf, recomputed_dkim, recomputed_spf } of rows) {
    const recomputed = { dkim: recomputed_dkim ?? 'pass', spf: recomputed_spf ?? 'pass', dmarc: 'pass' as const }
    const record = { disposition: disposition ?? 'none', dkim: dkim ?? 'pass', spf: spf ?? 'pass', recomputed }
    expect(verdictNumber(record as unknown as Parameters<typeof verdictNumber>[0])).toBe(id)
  }
})

it('makes a month while another is read and written, and keeps days out of all reason in two parts', async () => {
  const { db } = database()
  const months = createMonths(db)
  await db.transaction().execute(async (trx) => {
    await sql`select count(*) from records`.execute(trx)
    await sql`insert into record_notes (hash) values ('held')`.execute(trx)
    await months.ensure(['2019-05-03', '2019-06-30', '1971-01-01', '4711-11-11'])
  })
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relname ~ '^records_(2019|1971|4711)' and relkind = 'r' order by 1`.execute(db)
  expect(rows.map(({ name }) => name)).toEqual(['records_2019_05', 'records_2019_06'])
  await sql`
    insert into records (report_id, messages, way_id, day, domain_id, reporter_id, place, verdict_id, counted)
    values (1, 1, 1, '1971-01-01', 1, 1, 1, 0, false), (1, 1, 1, '4711-11-11', 1, 1, 1, 0, false)`.execute(db)
})
