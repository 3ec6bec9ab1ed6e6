import { sql } from '@ruadar/platform'
import { dmarcPass } from './filter.ts'

/** Columns that sum the messages of `f`, rows of daily sums or records. */
export const countColumns = sql`
  coalesce(sum(f.messages), 0)::bigint as messages,
  coalesce(sum(f.messages) filter (where ${dmarcPass}), 0)::bigint as "dmarcPass",
  coalesce(sum(f.messages) filter (where f.dkim = 'pass'), 0)::bigint as "dkimAligned",
  coalesce(sum(f.messages) filter (where f.spf = 'pass'), 0)::bigint as "spfAligned"`

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
  coalesce(sum(f.messages) filter (where f.disposition = 'none'), 0)::bigint as none,
  coalesce(sum(f.messages) filter (where f.disposition = 'quarantine'), 0)::bigint as quarantine,
  coalesce(sum(f.messages) filter (where f.disposition = 'reject'), 0)::bigint as reject,
  coalesce(sum(f.messages) filter (where f.disposition = 'pass'), 0)::bigint as pass,
  coalesce(sum(f.messages) filter (where f.disposition = 'unknown'), 0)::bigint as unknown`

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
