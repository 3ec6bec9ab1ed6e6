import { type Db, sql } from '@ruadar/platform'
import type { RecordColumns } from '../reading/columns.ts'
import type { Dictionary } from './dictionary.ts'

/** Rows of one report. `from` is how many of its rows are stored already. */
export interface RowsOfReport {
  reportId: number
  from: number
  columns: RecordColumns
}

/** Writes the rows of any number of reports in one statement. */
export async function saveRecords(trx: Db, dictionary: Dictionary, parts: readonly RowsOfReport[]): Promise<void> {
  if (parts.length === 0) return
  const authors = await dictionary.names(
    'author_domains',
    distinct(parts, ({ authors }) => authors),
  )
  const authSets = await dictionary.authSets(distinct(parts, ({ authSets }) => authSets))
  const column = (pick: (part: RowsOfReport) => string) => `{${parts.map(pick).join(',')}}`
  await sql`
    insert into records (report_id, place, source_ip, messages, disposition, dkim, spf, recomputed_dkim, recomputed_spf,
                         author_domain_id, auth_set_id, envelope_to, overrides)
    select * from unnest(
      ${column(({ reportId, columns }) => repeated(columns, () => reportId))}::bigint[],
      ${column(({ from, columns }) => repeated(columns, (index) => from + index + 1))}::int[],
      ${column(({ columns }) => columns.sourceIps)}::inet[], ${column(({ columns }) => columns.messages)}::bigint[],
      ${column(({ columns }) => columns.dispositions)}::disposition[], ${column(({ columns }) => columns.dkims)}::verdict[],
      ${column(({ columns }) => columns.spfs)}::verdict[], ${column(({ columns }) => columns.recomputedDkims)}::verdict[],
      ${column(({ columns }) => columns.recomputedSpfs)}::verdict[],
      ${column(({ columns }) => idsOf(authors, columns.authors, columns.authorOf))}::int[],
      ${column(({ columns }) => idsOf(authSets, columns.authSets, columns.authSetOf))}::bigint[],
      ${column(({ columns }) => columns.envelopeTos)}::text[], ${column(({ columns }) => columns.overrides)}::jsonb[])`.execute(trx)
}

function distinct(parts: readonly RowsOfReport[], pick: (columns: RecordColumns) => string[]): Set<string> {
  return new Set(parts.flatMap(({ columns }) => pick(columns)))
}

const repeated = ({ rows }: RecordColumns, value: (index: number) => number): string =>
  Array.from({ length: rows }, (_, index) => value(index)).join(',')

function idsOf(known: ReadonlyMap<string, number>, texts: readonly string[], places: readonly number[]): string {
  const ids = texts.map((text) => known.get(text))
  return places.map((place) => ids[place]).join(',')
}
