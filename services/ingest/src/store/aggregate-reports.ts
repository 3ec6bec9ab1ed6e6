import type { Db } from '@ruadar/platform'
import type { AggregateHead, AggregateTotals, Warning } from '@ruadar/reports'
import type { RecordColumns } from '../reading/columns.ts'
import { type OpenReport, openReports } from './aggregate.ts'
import { noteDeviations } from './deviations.ts'
import type { Dictionary } from './dictionary.ts'
import type { MailOutcome } from './outcomes.ts'
import { type RowsOfReport, saveRecords } from './records.ts'
import { type Closing, closeReport } from './report-rows.ts'
import type { Reread } from './reread.ts'
import { countConflicts, rollUp } from './rollups.ts'

/** Rows are written when so many wait: enough to make a statement worth its while, few enough for a bounded memory. */
const flushRows = 5000
/** A long report goes into the daily sums in steps of so many rows: the database sums up while the reader reads on. */
const sumRows = 50_000

/** Collects the aggregate reports of any number of mails and writes them together; a long report is written while it is read. */
export interface AggregateReports {
  /** The report that the following records are of; its outcome is filled in later. Nothing: records up to the next one are not wanted. */
  begin(report: NewReport | undefined): void
  records(columns: RecordColumns): Promise<void>
  end(totals: AggregateTotals, warnings: Warning[]): void
  /** Writes all that still waits. */
  finish(): Promise<void>
}

interface NewReport {
  mailId: number
  part: string
  head: AggregateHead
  outcome: MailOutcome
}

interface Report extends NewReport {
  open: OpenReport | undefined
  waiting: RecordColumns[]
  /** Rows in the table, and how many of them are in the daily sums. */
  stored: number
  summed: number
  aligned: { dkim: number; spf: number }
  hasSource: boolean
  closing: Closing | undefined
}

export function createAggregateReports(trx: Db, dictionary: Dictionary, reread: Reread | undefined): AggregateReports {
  let reports: Report[] = []
  let current: Report | undefined
  let waitingRows = 0
  const flush = async () => {
    waitingRows = 0
    await writeReports(trx, dictionary, reports, reread)
    reports = reports.filter((report) => report.closing === undefined)
  }
  return {
    begin(report) {
      current = report && {
        ...report,
        open: undefined,
        waiting: [],
        stored: 0,
        summed: 0,
        aligned: { dkim: 0, spf: 0 },
        hasSource: false,
        closing: undefined,
      }
      if (current) reports.push(current)
    },
    async records(columns) {
      if (!current || columns.rows === 0) return
      current.aligned.dkim += columns.dkimAligned
      current.aligned.spf += columns.spfAligned
      current.hasSource ||= columns.waySources.some((source) => source !== '')
      if (current.open?.takesRecords === false) return
      current.waiting.push(columns)
      waitingRows += columns.rows
      if (waitingRows >= flushRows) await flush()
    },
    end(totals, warnings) {
      if (current) current.closing = { totals, aligned: current.aligned, warnings }
      current = undefined
    },
    async finish() {
      await flush()
      if (reports.length > 0) throw new Error('a report was begun and never ended')
    },
  }
}

type Opened = Report & { open: OpenReport }

async function writeReports(trx: Db, dictionary: Dictionary, reports: readonly Report[], reread: Reread | undefined): Promise<void> {
  const fresh = reports.filter(({ open }) => !open)
  const answers = await openReports(trx, dictionary, fresh, reread)
  for (const [index, report] of fresh.entries()) report.open = answers[index]
  const opened = reports.filter((report): report is Opened => report.open !== undefined)
  const taking = opened.filter(({ open }) => open.takesRecords)
  await saveRecords(trx, dictionary, taking.flatMap(takeRows))
  for (const report of opened) if (report.closing) await conclude(trx, report, report.closing, fresh.includes(report))
  const deviating = taking.map(({ open, closing }) => ({
    reporterId: open.reporterId,
    reportId: open.id,
    warnings: closing?.warnings ?? [],
  }))
  const before = taking.flatMap(({ open: { id, before: it }, closing }) =>
    it && closing ? [{ reporterId: it.key.reporterId, reportId: id, warnings: it.warnings }] : [],
  )
  await noteDeviations(trx, 'aggregate', deviating, before)
  const summing = taking.filter(
    ({ open, closing, stored, summed }) => open.outcome === 'imported' && (closing !== undefined || stored - summed >= sumRows),
  )
  const rows = summing.map(({ open, summed }) => ({ reportId: open.id, after: summed }))
  await rollUp(trx, rows, 1)
  const conflicts = taking.filter(({ open, closing }) => open.outcome === 'conflict' && closing !== undefined)
  await countConflicts(
    trx,
    conflicts.map(({ open }) => open.id),
    1,
  )
  for (const report of summing) report.summed = report.stored
}

function takeRows(report: Opened): RowsOfReport[] {
  const { open, waiting } = report
  report.waiting = []
  return waiting.map((columns) => {
    const from = report.stored
    report.stored += columns.rows
    return { report: { ...open, counted: open.outcome === 'imported' }, from, columns }
  })
}

/** Says what became of a report that has been read to its end; its totals went in with it unless it was opened before. */
async function conclude(trx: Db, { open, outcome, hasSource, stored }: Opened, closing: Closing, isFresh: boolean): Promise<void> {
  if (open.takesRecords && !isFresh) await closeReport(trx, open.id, closing)
  outcome.outcome = open.outcome
  outcome.reportId = open.id
  if (open.takesRecords) outcome.records = stored
  // Row 47 of report-formats.md: it says that the reporter is alive, and nothing else.
  if (open.outcome === 'imported' && closing.totals.messages === 0 && !hasSource) {
    outcome.outcome = 'ignored'
    outcome.code = 'null_report'
    outcome.message = 'The report is valid and empty: the reporter saw no mail of the domain.'
  }
}
