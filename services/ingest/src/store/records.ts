import { type Db, sql } from '@ruadar/platform'
import type { RecordColumns } from '../reading/columns.ts'
import { type Dictionary, wayKey } from './dictionary.ts'

/** Rows of one report. `from` is how many of its rows are stored already. */
export interface RowsOfReport {
  report: ReportOfRows
  from: number
  columns: RecordColumns
}

/** What rows repeat of their report. `day`: UTC, `YYYY-MM-DD`. */
export interface ReportOfRows {
  id: number
  domainId: number
  reporterId: number
  day: string
  counted: boolean
}

/** Writes the rows of any number of reports in one statement. */
export async function saveRecords(trx: Db, dictionary: Dictionary, parts: readonly RowsOfReport[]): Promise<void> {
  if (parts.length === 0) return
  const distinct = (pick: (columns: RecordColumns) => string[]) => new Set(parts.flatMap(({ columns }) => pick(columns)))
  const authors = await dictionary.names(
    'author_domains',
    distinct((columns) => columns.authors),
  )
  const authSets = await dictionary.authSets(distinct((columns) => columns.authSets))
  const keys = parts.map(({ columns }) => wayKeys(columns, authors, authSets))
  const ways = await dictionary.ways(new Set(keys.flat()))
  const notes = await dictionary.notes(distinct((columns) => columns.notes))
  const column = (pick: (part: RowsOfReport, index: number) => string) => `{${parts.map(pick).join(',')}}`
  const reports = parts.map(({ report }) => report)
  await sql`
    insert into records (report_id, messages, way_id, day, domain_id, reporter_id, place, note_id, verdict_id, counted)
    select r.id, c.messages, c.way_id, r.day, r.domain_id, r.reporter_id, c.place, c.note_id, c.verdict_id, r.counted
    from unnest(
        ${column(({ columns }, index) => repeated(columns, () => index + 1))}::int[],
        ${column(({ columns }) => columns.messages)}::bigint[],
        ${column(({ columns }, index) => idsOf(ways, keys[index] ?? [], columns.wayOf))}::bigint[],
        ${column(({ from, columns }) => repeated(columns, (row) => from + row + 1))}::int[],
        ${column(({ columns }) => idsOf(notes, columns.notes, columns.noteOf))}::int[],
        ${column(({ columns }) => columns.verdicts)}::smallint[]) as c (report, messages, way_id, place, note_id, verdict_id)
      join unnest(
        ${reports.map(({ id }) => id)}::bigint[], ${reports.map(({ domainId }) => domainId)}::int[],
        ${reports.map(({ reporterId }) => reporterId)}::int[], ${reports.map(({ day }) => day)}::date[],
        ${reports.map(({ counted }) => counted)}::boolean[]) with ordinality as r (id, domain_id, reporter_id, day, counted, place)
        on r.place = c.report`.execute(trx)
}

function wayKeys(
  { waySources, wayAuthors, wayAuthSets, authors, authSets }: RecordColumns,
  authorIds: ReadonlyMap<string, number>,
  authSetIds: ReadonlyMap<string, number>,
): string[] {
  return waySources.map((source, index) =>
    wayKey(authorIds.get(authors[wayAuthors[index] ?? 0] ?? ''), authSetIds.get(authSets[wayAuthSets[index] ?? 0] ?? ''), source),
  )
}

const repeated = ({ rows }: RecordColumns, value: (index: number) => number): string =>
  Array.from({ length: rows }, (_, index) => value(index)).join(',')

function idsOf(known: ReadonlyMap<string, number>, texts: readonly string[], places: readonly number[]): string {
  const ids = texts.map((text) => known.get(text))
  return places.map((place) => ids[place]).join(',')
}
