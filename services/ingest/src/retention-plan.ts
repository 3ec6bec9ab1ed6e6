import { type Db, type Settings, sql } from '@ruadar/platform'

/** How long each kind is kept. 0 of days or months: for ever; of `sampleDays`: not at all. */
export type RetentionSettings = Pick<Settings, 'sampleDays' | 'rawMailDays' | 'recordMonths' | 'sumMonths'>

/** A month, or all days before 2012, whose rows lie in partitions of their own. UTC days, `YYYY-MM-DD`; `to` is the first day after it. */
export interface Part {
  /** What the names of its partitions end with, as `2026_01`. */
  name: string
  from: string
  to: string
}

/** What is past its time. Numbers of rows and bytes are about right: the database keeps them for its planner. */
export interface RetentionPlan {
  samples: { before: Date; reports: number }
  rawMail: { before: Date; mails: number; bytes: number } | null
  records: PartPlan | null
  sums: (PartPlan & { reports: number; tlsReports: number }) | null
}

export interface PartPlan {
  /** Everything before this day. */
  before: string
  parts: Part[]
  rows: number
  bytes: number
}

export const sumTables = [
  'daily_totals',
  'daily_domains',
  'daily_reporters',
  'daily_sources',
  'daily_senders',
  'daily_senders_all',
  'daily_senders_summed',
  'daily_identities',
  'source_spans',
  'domain_spans',
] as const

/** Tables that say nothing without the records. */
export const recordTables = ['records', 'way_spans'] as const

/** Sums of several days say nothing that is not counted elsewhere. */
export const isOfSpans = (part: string): boolean => /^(way|source|domain)_spans/.test(part)

/** Looks what the settings let go of at a moment. Deletes nothing. */
export async function planRetention(db: Db, settings: RetentionSettings, now: Date): Promise<RetentionPlan> {
  const { sampleDays, rawMailDays, recordMonths, sumMonths } = settings
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const samplesBefore = daysAgo(sampleDays)
  const [samples] = (
    await sql<{ reports: number }>`select count(*) as reports from failure_reports where stored_at <= ${samplesBefore}`.execute(db)
  ).rows
  return {
    samples: { before: samplesBefore, reports: samples?.reports ?? 0 },
    rawMail: rawMailDays === 0 ? null : { before: daysAgo(rawMailDays), ...(await countRawMail(db, daysAgo(rawMailDays))) },
    records: recordMonths === 0 ? null : await planParts(db, monthsBefore(now, recordMonths), recordTables),
    sums: sumMonths === 0 ? null : await planSums(db, monthsBefore(now, sumMonths)),
  }
}

/** So many whole months are kept besides the one that is not over. */
function monthsBefore(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 10)
}

async function countRawMail(db: Db, before: Date): Promise<{ mails: number; bytes: number }> {
  const { rows } = await sql<{ mails: number; bytes: number }>`
    select count(*) as mails, coalesce(sum(size), 0)::bigint as bytes from mails
    where stored_at < ${before} and state <> 'stored' and (raw is not null or raw_object is not null)`.execute(db)
  return rows[0] ?? { mails: 0, bytes: 0 }
}

async function planSums(db: Db, before: string): Promise<NonNullable<RetentionPlan['sums']>> {
  const { rows } = await sql<{ reports: number; tlsReports: number }>`
    select (select count(*) from reports where day < ${before}::date) as reports,
      (select count(*) from tls_reports where day < ${before}::date) as "tlsReports"`.execute(db)
  return { ...(await planParts(db, before, [...recordTables, ...sumTables])), reports: 0, tlsReports: 0, ...rows[0] }
}

/** Parts of tables that end before a day and hold something. */
async function planParts(db: Db, before: string, tables: readonly string[]): Promise<PartPlan> {
  const { rows: all } = await sql<{ name: string; table: string; rows: number; bytes: number }>`
    select substr(c.relname, length(p.relname) + 2) as name, c.relname as table, c.reltuples::bigint as rows, pg_total_relation_size(c.oid) as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.oid = any(${tables}::regclass[]) order by 1, 2`.execute(db)
  const plan: PartPlan = { before, parts: [], rows: 0, bytes: 0 }
  for (const { name, table, rows, bytes } of all) {
    const part = toPart(name)
    if (!part || part.to > before || !(await hasRows(db, table))) continue
    if (!plan.parts.some((known) => known.name === name)) plan.parts.push(part)
    if (!isOfSpans(table)) plan.rows += rows < 0 ? await countRows(db, table) : rows
    plan.bytes += bytes
  }
  return plan
}

/** Days after 2037 are never past their time. */
function toPart(name: string): Part | undefined {
  if (name === 'before') return { name, from: '-infinity', to: '2012-01-01' }
  const [, year, month] = name.match(/^(\d{4})_(\d{2})$/) ?? []
  if (!year || !month) return undefined
  const to = new Date(Date.UTC(Number(year), Number(month), 1)).toISOString().slice(0, 10)
  return { name, from: `${year}-${month}-01`, to }
}

async function hasRows(db: Db, table: string): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db)
  return rows.length > 0
}

/** For a part that the database has not looked at yet. */
async function countRows(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from ${sql.table(table)}`.execute(db)
  return rows[0]?.rows ?? 0
}

/** One line for each kind that has something past its time: what will be deleted, up to when, about how much. */
export function describePlan({ samples, rawMail, records, sums }: RetentionPlan): string[] {
  const lines: string[] = []
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`
  const day = (date: Date) => date.toISOString().slice(0, 10)
  if (samples.reports > 0) lines.push(`failure samples stored until ${day(samples.before)}: ${samples.reports} reports and their mails`)
  if (rawMail && rawMail.mails > 0)
    lines.push(`raw mail stored before ${day(rawMail.before)}: the bytes of ${rawMail.mails} mails, ${megabytes(rawMail.bytes)}`)
  if (records && records.parts.length > 0)
    lines.push(
      `records of days before ${records.before}: ${records.parts.length} months, about ${records.rows} rows, ${megabytes(records.bytes)}; reports, their totals and all sums stay`,
    )
  if (sums && sums.parts.length + sums.reports + sums.tlsReports > 0)
    lines.push(
      `sums of days before ${sums.before}: ${sums.parts.length} months, about ${sums.rows} rows, ${megabytes(sums.bytes)}, with ${sums.reports} reports and ${sums.tlsReports} TLS reports`,
    )
  return lines
}
