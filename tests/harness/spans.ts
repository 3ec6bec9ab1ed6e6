import { type Database, sql } from '@ruadar/platform'
import { identifyWays } from '../../services/ingest/src/senders/identify-ways.ts'
import { loadNaming } from '../../services/ingest/src/senders/naming.ts'
import { takeTurn } from '../../services/ingest/src/senders/turn.ts'
import { followSpanChanges, makeNextSpan } from '../../services/ingest/src/store/spans.ts'

/** Makes the sums of several days of spans that are over: of every one, however few records it has, unless `least` says otherwise. */
export async function makeAllSpans({ db }: Database, least = { half: 0, piece: 0, day: 0 }): Promise<void> {
  await sql`update span_changes set since = now() - interval '1 hour'`.execute(db)
  const naming = await loadNaming(db, undefined)
  while (await takeTurn(db, (trx) => identifyWays(trx, naming)));
  while (await takeTurn(db, followSpanChanges));
  while (await takeTurn(db, (trx) => makeNextSpan(trx, least)));
}

/** Spans whose sums are there: true ones, and those with days that have changed since. */
export async function countSpans({ db }: Database): Promise<{ valid: number; changed: number }> {
  const { rows } = await sql<{ valid: number; changed: number }>`
    select count(*) filter (where not changed) as valid, count(*) filter (where changed) as changed
    from (
      select exists (select from span_changes c where c.domain_id = s.domain_id and c.day between s.first_day and s.last_day) as changed
      from spans s where s.made) s`.execute(db)
  return rows[0] ?? { valid: 0, changed: 0 }
}
