import { SourceCounter } from './source-counter.ts'
import type { AggregateRecord, AggregateTotals } from './types.ts'

/** Sums records as they pass. DMARC passes are counted by what the reporter says (2.4): it is what the receiver acted on. */
export class TotalsCounter {
  readonly #totals: AggregateTotals = {
    records: 0,
    messages: 0,
    dmarcPass: 0,
    disposition: { none: 0, quarantine: 0, reject: 0, pass: 0, unknown: 0 },
    sources: 0,
  }
  readonly #sources = new SourceCounter()

  /** Whether the sum of messages stays exact with this record; no honest report comes near the bound. */
  hasRoomFor(record: AggregateRecord): boolean {
    return Number.isSafeInteger(this.#totals.messages + record.count)
  }

  add(record: AggregateRecord): void {
    const totals = this.#totals
    totals.records++
    totals.messages += record.count
    if (record.dkim === 'pass' || record.spf === 'pass') totals.dmarcPass += record.count
    totals.disposition[record.disposition] += record.count
    const source = record.sourceIp ?? record.sourceText
    if (source !== null) this.#sources.add(source)
  }

  totals(): AggregateTotals {
    return { ...this.#totals, sources: this.#sources.size }
  }
}
