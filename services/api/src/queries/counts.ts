import { sql } from '@ruadar/platform'
import { dmarcPass } from './filter.ts'

/** Columns that sum the messages of `f`, rows of daily sums or records; `total` is `sum` of bigints that stays one (migration 0014). */
export const countColumns = sql`
  coalesce(total(f.messages), 0) as messages,
  coalesce(total(f.messages) filter (where ${dmarcPass}), 0) as "dmarcPass",
  coalesce(total(f.messages) filter (where f.dkim = 'pass'), 0) as "dkimAligned",
  coalesce(total(f.messages) filter (where f.spf = 'pass'), 0) as "spfAligned"`

export interface CountRow {
  messages: number
  dmarcPass: number
  dkimAligned: number
  spfAligned: number
}

/** The counts of a row, with what is left over as failing; no other column of the row. */
export function toCounts({ messages, dmarcPass, dkimAligned, spfAligned }: CountRow) {
  return { messages, dmarcPass, dmarcFail: messages - dmarcPass, dkimAligned, spfAligned }
}

export const dispositionColumns = sql`
  coalesce(total(f.messages) filter (where f.disposition = 'none'), 0) as none,
  coalesce(total(f.messages) filter (where f.disposition = 'quarantine'), 0) as quarantine,
  coalesce(total(f.messages) filter (where f.disposition = 'reject'), 0) as reject,
  coalesce(total(f.messages) filter (where f.disposition = 'pass'), 0) as pass,
  coalesce(total(f.messages) filter (where f.disposition = 'unknown'), 0) as unknown`

export interface DispositionRow {
  none: number
  quarantine: number
  reject: number
  pass: number
  unknown: number
}

export function toDispositions({ none, quarantine, reject, pass, unknown }: DispositionRow): DispositionRow {
  return { none, quarantine, reject, pass, unknown }
}
