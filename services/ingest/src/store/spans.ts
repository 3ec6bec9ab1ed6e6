import { type Db, sql } from '@ruadar/platform'
import { isWayUnnamed } from '../senders/unnamed.ts'

/** `domain_id` of the spans of all domains together: their sums are by source and by domain, those of one domain by way. */
const allDomains = 0
/**
 * Records a day from which a span of a domain is worth its sums: what is fewer is read as fast itself (bench/README.md). Half of a month saves
 * the most for its space, a day the least. A day of all domains has its sums already.
 */
export const enoughOf = { half: 30, piece: 250, day: 1000 }
/** Late reports change spans that were made: each is made again no more often than this. A time that is to come: the clock was set back. */
const patienceMinutes = 10
/** Most reports of a day have come in when it is over for so long. */
const quietDays = 2
const changesAtOnce = 10_000
const spansAtOnce = 100

interface Span {
  domainId: number
  /** UTC days, `YYYY-MM-DD`; the last one is part of it. */
  firstDay: string
  lastDay: string
}

/**
 * Takes in which days of which domains have changed: sums of several days that have one of them go, and each span is to be looked at again.
 * Until then nobody asks those sums, since `span_changes` names a day of theirs. Only with the lock of the sender pass: a change that is not
 * committed yet is left for the next time, whatever is made meanwhile. False: nothing had changed.
 */
export async function followSpanChanges(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ domainId: number; day: string }>`
    with taken as (
      delete from span_changes where ctid = any(array(
        select ctid from span_changes where since not between now() - make_interval(mins => ${patienceMinutes}::int) and now() + interval '1 minute' limit ${changesAtOnce}))
      returning domain_id, day)
    select distinct domain_id as "domainId", day from taken`.execute(trx)
  if (rows.length === 0) return false
  const { rows: spans } = await sql<Span>`
    insert into spans as known (domain_id, first_day, last_day)
    select distinct t.domain_id, s.first_day, s.last_day
    from unnest(${rows.map(({ domainId }) => domainId)}::int[], ${rows.map(({ day }) => day)}::date[]) as t (domain_id, day)
      cross join lateral spans_of(t.day, t.domain_id) s
    on conflict (domain_id, first_day, last_day) do update set made = false, since = now() where known.made
    returning domain_id as "domainId", first_day as "firstDay", last_day as "lastDay"`.execute(trx)
  await unmake(trx, spans)
  return true
}

/**
 * Of the spans that are over: drops the notes of those with too few records, and sums up one of the others. False: none was to be looked at,
 * or ways that another process has just noted are to be given to their senders first. `least`: of the records of a day.
 */
export async function makeNextSpan(trx: Db, least = enoughOf): Promise<boolean> {
  if (await isWayUnnamed(trx)) return false
  const { rows } = await sql<Span & { worth: boolean }>`
    select s.domain_id as "domainId", s.first_day as "firstDay", s.last_day as "lastDay",
      case when s.domain_id = ${allDomains}
        then (select sum(f.records) from daily_reporters f where f.day >= s.first_day and f.day <= s.last_day)
        else (select sum(f.records) from daily_domains f where f.domain_id = s.domain_id and f.day >= s.first_day and f.day <= s.last_day)
      end >= (s.last_day - s.first_day + 1)
          * case when s.last_day - s.first_day > 3 then ${least.half}::int when s.last_day > s.first_day then ${least.piece}::int else ${least.day}::int end
        and (s.domain_id <> ${allDomains} or s.last_day > s.first_day) as worth
    from (select * from spans where not made and last_day < current_date - ${quietDays}::int order by last_day desc limit ${spansAtOnce}) s`.execute(
    trx,
  )
  const [next] = rows.filter(({ worth }) => worth)
  if (next) await make(trx, next)
  const { domainIds, firstDays, lastDays } = columnsOf(rows.filter(({ worth }) => !worth))
  await sql`
    delete from spans s using unnest(${domainIds}::int[], ${firstDays}::date[], ${lastDays}::date[]) as few (domain_id, first_day, last_day)
    where s.domain_id = few.domain_id and s.first_day = few.first_day and s.last_day = few.last_day`.execute(trx)
  return rows.length > 0
}

async function make(trx: Db, span: Span): Promise<void> {
  const { domainId, firstDay, lastDay } = span
  await unmake(trx, [span])
  const days = sql`f.day >= ${firstDay}::date and f.day <= ${lastDay}::date`
  const ofSpan = sql`f.first_day = ${firstDay}::date and f.last_day = ${lastDay}::date`
  if (domainId === allDomains) {
    await sql`
      insert into source_spans (messages, source_ip, first_day, last_day, seen_first, seen_last, disposition, dkim, spf, lone)
      select t.*, not ${hasOtherRows} as lone
      from (
        select sum(f.messages), f.source_ip, ${firstDay}::date as first_day, ${lastDay}::date as last_day, min(f.day), max(f.day), f.disposition, f.dkim, f.spf
        from daily_sources f where ${days}
        group by f.source_ip, f.disposition, f.dkim, f.spf having sum(f.records) <> 0) t
      order by lone, t.source_ip`.execute(trx)
    await takeLoneMarks(trx, ofSpan)
    await sql`
      insert into domain_spans (messages, last_at, domain_id, first_day, last_day, disposition, dkim, spf, reports)
      select sum(f.messages), max(f.last_at), f.domain_id, ${firstDay}::date, ${lastDay}::date, f.disposition, f.dkim, f.spf, sum(f.reports)
      from daily_domains f where ${days}
      group by f.domain_id, f.disposition, f.dkim, f.spf order by f.domain_id`.execute(trx)
  } else {
    await sql`
      insert into way_spans (messages, way_id, domain_id, first_day, last_day, seen_first, seen_last, disposition, dkim, spf, sender_id, source_ip)
      select f.messages, f.way_id, ${domainId}, ${firstDay}::date, ${lastDay}::date, f.since, f.until, f.disposition, f.dkim, f.spf, w.sender_id, w.source_ip
      from (
        select sum(f.messages) as messages, f.way_id, min(f.day) as since, max(f.day) as until, f.disposition, f.dkim, f.spf
        from counted_records f where f.domain_id = ${domainId} and ${days}
        group by f.way_id, f.disposition, f.dkim, f.spf) f
        join ways w on w.id = f.way_id
      order by f.way_id`.execute(trx)
  }
  await sql`
    update spans set made = true, since = now(),
      lone_sources = (select count(*) from source_spans f where ${domainId} = ${allDomains} and ${ofSpan} and f.lone and f.source_ip <> '::')
    where domain_id = ${domainId} and first_day = ${firstDay}::date and last_day = ${lastDay}::date`.execute(trx)
}

/** Of `t`, a row of source_spans: whether its source has more in sums by day than what this row sums up. */
const hasOtherRows = sql`exists (
  select from daily_sources o
  where o.source_ip = t.source_ip and (o.day < t.first_day or o.day > t.last_day or (o.disposition, o.dkim, o.spf) <> (t.disposition, t.dkim, t.spf)))`

/**
 * Of rows in other spans whose sources have more rows, as the sums that were just made say. Only sources that came again are looked for,
 * by an index: a join would be planned by what is known of a month that is still being filled, and then compare each mark with each.
 */
async function takeLoneMarks(trx: Db, ofSpan: ReturnType<typeof sql>): Promise<void> {
  const again = sql`select f.source_ip from source_spans f where ${ofSpan} and (not f.lone or f.seen_first < f.seen_last)`
  await sql`
    with taken as (
      update source_spans t set lone = false where t.lone and t.source_ip = any(array(${again})) and ${hasOtherRows}
      returning t.first_day, t.last_day, t.source_ip)
    update spans s set lone_sources = s.lone_sources - taken.sources
    from (select first_day, last_day, count(*) as sources from taken where source_ip <> '::' group by 1, 2) taken
    where s.domain_id = ${allDomains} and s.first_day = taken.first_day and s.last_day = taken.last_day`.execute(trx)
}

async function unmake(trx: Db, spans: readonly Span[]): Promise<void> {
  const { domainIds, firstDays, lastDays } = columnsOf(spans)
  const gone = sql`unnest(${domainIds}::int[], ${firstDays}::date[], ${lastDays}::date[]) as s (domain_id, first_day, last_day)`
  const same = sql`t.first_day = s.first_day and t.last_day = s.last_day`
  await sql`delete from way_spans t using ${gone} where t.domain_id = s.domain_id and ${same}`.execute(trx)
  for (const table of ['source_spans', 'domain_spans'])
    await sql`delete from ${sql.table(table)} t using ${gone} where s.domain_id = ${allDomains} and ${same}`.execute(trx)
}

const columnsOf = (spans: readonly Span[]) => ({
  domainIds: spans.map(({ domainId }) => domainId),
  firstDays: spans.map(({ firstDay }) => firstDay),
  lastDays: spans.map(({ lastDay }) => lastDay),
})

/**
 * For days of a domain that are being forgotten: takes away its spans that have one of them; those of all domains are to be made again.
 * For a domain that is forgotten as a whole `forgetSpans` takes what a pass may have made meanwhile.
 */
export async function dropSpans(trx: Db, domainId: number, days: readonly string[]): Promise<void> {
  await sql`insert into span_changes (domain_id, day) select ${allDomains}, unnest(${days}::date[])`.execute(trx)
  const { rows } = await sql<Span>`
    delete from spans t using (select s.* from unnest(${days}::date[]) day cross join lateral spans_of(day, ${domainId}) s) s
    where t.domain_id = ${domainId} and t.first_day = s.first_day and t.last_day = s.last_day
    returning t.domain_id as "domainId", t.first_day as "firstDay", t.last_day as "lastDay"`.execute(trx)
  await unmake(trx, rows)
}

/** Takes away all sums of several days of a domain. */
export async function forgetSpans(trx: Db, domainId: number): Promise<void> {
  for (const table of ['spans', 'span_changes', 'way_spans', 'domain_spans'])
    await sql`delete from ${sql.table(table)} where domain_id = ${domainId}`.execute(trx)
}
