import { type Db, sql } from '@ruadar/platform'
import { countConflicts, rollUp } from './rollups.ts'
import type { ReportKey } from './withdrawal.ts'

interface Rival {
  id: number
  state: 'counted' | 'conflict'
  chosen: boolean
  day: string
  place: number
}

/** A report that counts from now on, or no longer. `day`: UTC, `YYYY-MM-DD`. */
export type Switched = Pick<Rival, 'id' | 'state' | 'day'>

/**
 * Sees to it that of the reports with a key one counts, in the caller's transaction: the one that a person chose, else the one that counts
 * already, else the first. The daily sums follow.
 */
export async function settleKeys(trx: Db, keys: readonly ReportKey[]): Promise<Switched[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<Rival>`
    select r.id, r.state, r.chosen, r.day, k.place::int as place
    from unnest(
        ${keys.map(({ reporterId }) => reporterId)}::int[], ${keys.map(({ domainId }) => domainId)}::int[],
        ${keys.map(({ reportId }) => reportId)}::text[], ${keys.map(({ begin }) => begin)}::bigint[],
        ${keys.map(({ end }) => end)}::bigint[], ${keys.map(({ day }) => day)}::date[])
        with ordinality as k (reporter_id, domain_id, report_id, begin_epoch, end_epoch, day, place)
      join reports r on r.domain_id = k.domain_id and r.day = k.day and r.reporter_id = k.reporter_id
        and r.begin_at = to_timestamp(k.begin_epoch) and r.end_at = to_timestamp(k.end_epoch) and coalesce(r.report_id, '') = k.report_id
    where not records_deleted(r.day)
    order by r.id for update of r`.execute(trx)
  const entitled = new Set<number>()
  const byKey: Rival[][] = []
  for (const row of rows) (byKey[row.place] ??= []).push(row)
  for (const rivals of byKey) {
    if (!rivals) continue // a key that no report has any more
    const counts = rivals.find(({ chosen }) => chosen) ?? rivals.find(({ state }) => state === 'counted') ?? rivals[0]
    if (counts) entitled.add(counts.id)
  }
  const distinct = [...new Map(rows.map((row) => [row.id, row])).values()]
  const out = distinct.filter(({ id, state }) => state === 'counted' && !entitled.has(id))
  const back = distinct.filter(({ id, state }) => state === 'conflict' && entitled.has(id))
  await switchReports(trx, out, 'conflict')
  await switchReports(trx, back, 'counted')
  return [
    ...out.map((report) => ({ ...report, state: 'conflict' as const })),
    ...back.map((report) => ({ ...report, state: 'counted' as const })),
  ]
}

/** Makes conflicts of reports that count, or the other way round: state, records and daily sums; those by sender follow by `changed_in`. */
export async function switchReports(trx: Db, reports: readonly Pick<Rival, 'id' | 'day'>[], state: 'counted' | 'conflict'): Promise<void> {
  if (reports.length === 0) return
  const sign = state === 'counted' ? 1 : -1
  const ids = reports.map(({ id }) => id)
  await rollUp(
    trx,
    ids.map((reportId) => ({ reportId, after: 0 })),
    sign,
  )
  await countConflicts(trx, ids, sign === 1 ? -1 : 1)
  await sql`update reports set state = ${state}::report_state, changed_in = default where id = any(${ids}::bigint[])`.execute(trx)
  await sql`
    update records c set counted = ${state === 'counted'}
    from unnest(${ids}::bigint[], ${reports.map(({ day }) => day)}::date[]) as r (id, day)
    where c.report_id = r.id and c.day = r.day`.execute(trx)
}
