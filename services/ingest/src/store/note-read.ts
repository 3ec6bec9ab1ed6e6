import { counted, type Log } from '@ruadar/platform'
import { type EndedMail, kindOf, stateOf } from './outcomes.ts'

/** Told at `info`: those that want a person's eye. Everything else about single mails is for `debug`. */
const exceptional = new Set<string>(['quarantined', 'conflict'])

/** Counts mails whose outcomes are committed, and says which rows each became: from here a log leads from a mail to its reports. */
export function noteRead(log: Log, mails: readonly EndedMail[]): void {
  for (const { id: mail, outcomes } of mails) {
    const outcome = stateOf(outcomes)
    counted.mailsRead.inc({ outcome })
    let records = 0
    const reports: string[] = []
    for (const it of outcomes) {
      const kind = kindOf(it)
      if (kind) counted.reports.inc({ kind, outcome: it.outcome })
      if (kind && it.reportId !== undefined) reports.push(`${kind} ${it.reportId}`)
      records += it.records ?? 0
    }
    if (records > 0) counted.records.inc(records)
    const code = outcomes.find((it) => it.outcome === outcome)?.code
    log[exceptional.has(outcome) ? 'info' : 'debug']({ mail, outcome, code, reports, records }, 'mail read')
  }
}
