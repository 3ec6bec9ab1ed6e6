import type { SourceDetail } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { type CountRow, countColumns, type DispositionRow, dispositionColumns, toCounts, toDispositions } from './counts.ts'
import { factsOf } from './filter.ts'
import type { Question } from './question.ts'
import { assertCharted, toDaySums } from './timeline.ts'

/** Reporters and domains of one source: the largest. */
const mostNames = 100

interface Row extends CountRow, DispositionRow {
  source: string
  by: 'all' | 'day' | 'domain' | 'reporter'
  day: string
  name: string
  firstDay: string | null
  lastDay: string | null
}

type Sums = Omit<SourceDetail, 'from' | 'to' | 'reasons' | 'identities'>

/**
 * The sums of one source in all and by day, which stay when retention deletes the records, and by domain and reporter, which only these
 * tell. Throws 400 `bad_period`.
 */
export async function sumSource(db: Db, question: Question & { source: string }): Promise<Sums> {
  assertCharted(question.period)
  const kept = factsOf(question)
  const facts = factsOf(question, 'domain', 'reporter')
  const counts = sql`${countColumns}, ${dispositionColumns}, min(f.day) as "firstDay", max(f.day) as "lastDay"`
  const { rows } = await sql<Row>`
    with
      sums as (
        select case grouping(f.day) when 0 then 'day' else 'all' end as by, f.day, null::int as domain_id, null::int as reporter_id, ${counts}
        from ${kept.table} f where ${kept.where} group by grouping sets ((), (f.day))
        union all
        select case grouping(f.domain_id) when 0 then 'domain' else 'reporter' end, null, f.domain_id, f.reporter_id, ${counts}
        from ${facts.table} f where ${facts.where} group by grouping sets ((f.domain_id), (f.reporter_id))
      ),
      named as (
        select sums.*, coalesce(d.name, n.name) as name
        from sums left join domains d on d.id = sums.domain_id left join reporters n on n.id = sums.reporter_id
      )
    select *, host(${question.source}::inet) as source
    from (select *, row_number() over (partition by by order by messages desc, name) as place from named) placed
    where place <= ${mostNames} or by = 'day'
    order by by, place`.execute(db)
  const of = (by: Row['by']) => rows.filter((row) => row.by === by)
  const [all] = of('all') as [Row]
  return {
    source: all.source,
    ...toCounts(all),
    dispositions: toDispositions(all),
    firstDay: all.firstDay,
    lastDay: all.lastDay,
    reporters: of('reporter').map((row) => ({ reporter: row.name, ...toCounts(row) })),
    domains: of('domain').map((row) => ({ domain: row.name, ...toCounts(row) })),
    days: toDaySums(question.period, of('day')),
  }
}
