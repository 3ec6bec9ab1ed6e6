import type { AggregateHead, AggregateRecord, AggregateTotals } from '../src/aggregate/types.ts'
import { type ReadOptions, readInput } from '../src/read.ts'
import type { Reason, Warning } from '../src/report.ts'
import type { ByteSource } from '../src/source.ts'

/** A report with all its records, as one object. */
export interface WholeReport extends AggregateHead {
  part: string
  records: AggregateRecord[]
  totals: AggregateTotals
  warnings: Warning[]
}

export interface NoReport {
  type: 'ignored' | 'rejected'
  part: string
  reason: Reason
}

/** Reads an input into memory at once. Only for tests: the product reads in batches. */
export async function readAll(source: ByteSource, options: ReadOptions = {}): Promise<(WholeReport | NoReport)[]> {
  const found: (WholeReport | NoReport)[] = []
  let head: (AggregateHead & { part: string }) | null = null
  let records: AggregateRecord[] = []
  for await (const event of readInput(source, options)) {
    if (event.type === 'report') {
      head = { ...event.report, part: event.part }
      records = []
    } else if (event.type === 'records') records.push(...event.records)
    else if (event.type === 'end') {
      if (head === null) throw new Error('an end without a report')
      found.push({ ...head, records, totals: event.totals, warnings: event.warnings })
      head = null
    } else if (event.type === 'ignored' || event.type === 'rejected') found.push(event)
    else throw new Error(`a ${event.type} report where an aggregate report was looked for`)
  }
  if (head !== null) throw new Error('a report without an end')
  return found
}
