import type { RecordItem } from '@ruadar/contract'
import { type Db, sql } from '@ruadar/platform'
import { Type } from 'typebox'
import { cursorOf, page } from '../cursor.ts'
import { type StoredAuth, toAuthResults } from './auth-results.ts'
import { recordsWhere } from './filter.ts'
import type { Question } from './question.ts'

const cursor = cursorOf(Type.Integer({ minimum: 0, maximum: 2_147_483_647 }))

type Verdict = RecordItem['dkim']

interface Row extends StoredAuth {
  row: number
  source: string | null
  messages: number
  disposition: RecordItem['disposition']
  dkimVerdict: Verdict
  spfVerdict: Verdict
  recomputedDkim: Verdict
  recomputedSpf: Verdict
  headerFrom: string
  envelopeFrom: string | null
  envelopeTo: string | null
  overrides: { type: string | null; comment: string | null }[] | null
  adkim: string | null
  aspf: string | null
}

/** Rows of one report in its order, those that fit what the filter says about rows. */
export async function listRecords(
  db: Db,
  reportId: number,
  question: Question,
  paging: { after: string | undefined; limit: number },
): Promise<{ items: RecordItem[]; next: string | null }> {
  const after = cursor.read(paging.after) ?? -1
  const { rows } = await sql<Row>`
    select
      f.place as row, host(nullif(w.source_ip, '::')) as source, f.messages, f.disposition, f.dkim as "dkimVerdict", f.spf as "spfVerdict",
      f.recomputed_dkim as "recomputedDkim", f.recomputed_spf as "recomputedSpf",
      a.name as "headerFrom", s.envelope_from as "envelopeFrom", n.envelope_to as "envelopeTo", n.overrides, s.dkim, s.spf,
      r.policy->>'adkim' as adkim, r.policy->>'aspf' as aspf
    from reports r
      join lateral (
        select c.*, v.disposition, v.dkim, v.spf, v.recomputed_dkim, v.recomputed_spf
        from records c join verdicts v on v.id = c.verdict_id where c.report_id = r.id and c.day = r.day) f on true
      join ways w on w.id = f.way_id
      join author_domains a on a.id = w.author_domain_id
      join auth_sets s on s.id = w.auth_set_id
      left join record_notes n on n.id = f.note_id
    where r.id = ${reportId} and f.place > ${after} and ${recordsWhere(question)}
    order by f.place
    limit ${paging.limit + 1}`.execute(db)
  const part = page(rows, paging.limit, cursor, (row) => row.row)
  return { items: part.rows.map(toRecordItem), next: part.next }
}

function toRecordItem(row: Row): RecordItem {
  return {
    row: row.row,
    source: row.source,
    messages: row.messages,
    disposition: row.disposition,
    dkim: row.dkimVerdict,
    spf: row.spfVerdict,
    recomputed: { dkim: row.recomputedDkim, spf: row.recomputedSpf, dmarc: eitherPasses(row.recomputedDkim, row.recomputedSpf) },
    headerFrom: row.headerFrom || null,
    envelopeFrom: row.envelopeFrom,
    envelopeTo: row.envelopeTo,
    overrides: (row.overrides ?? []).map(({ type, comment }) => ({ type: type ?? '', comment })),
    ...toAuthResults(row, row.headerFrom, row),
  }
}

/** DMARC passes with one mechanism; it fails only when both are known to. */
function eitherPasses(dkim: Verdict, spf: Verdict): Verdict {
  if (dkim === 'pass' || spf === 'pass') return 'pass'
  return dkim === 'unknown' || spf === 'unknown' ? 'unknown' : 'fail'
}
