import { type Db, sql } from '@ruadar/platform'

/** The sums whose rows add up, and what makes two rows of the same sum (migration 0008). */
const tables: Record<string, readonly string[]> = {
  daily_totals: ['domain_id', 'reporter_id'],
  daily_domains: ['domain_id'],
  daily_reporters: ['reporter_id'],
  daily_sources: ['source_ip'],
  daily_senders_all: ['sender_id', 'reporter_id'],
  daily_senders_summed: ['sender_id'],
}

/** A day is folded when so many rows were appended, and at least this part of what it has: each row is then rewritten a few times in all. */
const enoughRows = 200
const enoughParts = 5
/** Or when its last rows wait for so long, or since a time that is to come: the clock was set back. */
const patienceMinutes = 10

/** Folds one day that has enough to fold; false: none has. */
export async function foldNextDay(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ day: string }>`
    select d.day from days_to_fold d left join folded_days f on f.day = d.day
    group by d.day, f.rows
    having sum(d.rows) >= greatest(${enoughRows}::int, f.rows / ${enoughParts}::int)
      or min(d.since) not between now() - make_interval(mins => ${patienceMinutes}::int) and now() + make_interval(mins => ${patienceMinutes}::int)
    order by sum(d.rows) desc limit 1`.execute(trx)
  const [due] = rows
  if (!due) return false
  await foldDay(trx, due.day)
  return true
}

/** Puts rows of the same sum of a day together and drops those that add up to nothing: nobody sees a difference. */
export async function foldDay(trx: Db, day: string): Promise<void> {
  await sql`delete from days_to_fold where day = ${day}::date`.execute(trx)
  let kept = 0
  for (const [table, own] of Object.entries(tables)) {
    const counts = table === 'daily_totals' || table === 'daily_domains' || table === 'daily_reporters'
    const key = sql.join([...own, 'day', 'disposition', 'dkim', 'spf'].map((name) => sql.ref(name)))
    const sums = counts ? sql`, reports, conflicts, last_at` : sql``
    const summed = counts ? sql`, sum(reports), sum(conflicts), max(last_at)` : sql``
    const some = counts ? sql`or sum(reports) <> 0 or sum(conflicts) <> 0` : sql``
    const { rows } = await sql<{ kept: number }>`
      with
        gone as (delete from ${sql.table(table)} where day = ${day}::date returning *),
        made as (
          insert into ${sql.table(table)} (${key}, messages, records ${sums})
          select ${key}, sum(messages), sum(records) ${summed} from gone
          group by ${key} having sum(messages) <> 0 or sum(records) <> 0 ${some}
          returning day
        )
      select count(*)::int as kept from made`.execute(trx)
    kept += rows[0]?.kept ?? 0
  }
  await sql`
    insert into folded_days (day, rows) values (${day}::date, ${kept}::int)
    on conflict (day) do update set rows = excluded.rows`.execute(trx)
}
