import type { TlsTimeline } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { tlsWhere } from './filter.ts'
import { assertAtMostDays } from './question.ts'
import type { TlsQuestion } from './tls-domains.ts'

const maxDays = 800

/** Sessions of counted TLS reports, one element for every day of the period. Throws 400 `bad_period` beyond 800 days. */
export async function askTlsTimeline(db: Db, question: TlsQuestion): Promise<TlsTimeline> {
  const { from, to } = question.period
  assertAtMostDays(question.period, maxDays)
  const { rows } = await sql<TlsTimeline['days'][number]>`
    with
      days as (
        select day::date from generate_series(${from}::timestamp, ${to}::timestamp - interval '1 day', interval '1 day') day
      ),
      sums as (
        select p.day, sum(p.successful)::bigint as successful, sum(p.failed)::bigint as failed
        from daily_tls p where ${tlsWhere(question)} group by p.day
      )
    select days.day, coalesce(successful, 0) as successful, coalesce(failed, 0) as failed
    from days left join sums on sums.day = days.day
    order by days.day`.execute(db)
  return { from, to, days: rows }
}
