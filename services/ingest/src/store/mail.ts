import type { Db } from '@ruadar/platform'
import type { AggregateRecord, Reason } from '@ruadar/reports'
import type { ReaderEvent } from '../reading/messages.ts'
import { closeReport, type OpenReport, openReport, saveRecords } from './aggregate.ts'
import type { Dictionary } from './dictionary.ts'
import type { MailOutcome } from './outcomes.ts'

export interface ReadMail {
  outcomes: MailOutcome[]
  envelope: { subject: string | null; sender: string | null } | undefined
}

interface Current {
  report: OpenReport | undefined
  rows: number
  aligned: { dkim: number; spf: number }
}

/** Follows the reader through one mail and stores what it finds, while it reads on. */
export async function readIntoStore(
  trx: Db,
  dictionary: Dictionary,
  mail: { id: number },
  batches: AsyncIterable<ReaderEvent[]>,
  domains: readonly string[],
): Promise<ReadMail> {
  const outcomes: MailOutcome[] = []
  let envelope: ReadMail['envelope']
  let current: Current = { report: undefined, rows: 0, aligned: { dkim: 0, spf: 0 } }
  for await (const batch of batches) {
    for (const event of batch) {
      switch (event.type) {
        case 'envelope':
          envelope = { subject: event.subject, sender: event.sender }
          break
        case 'ignored':
          outcomes.push({ part: event.part, outcome: 'ignored', ...said(event.reason) })
          break
        case 'rejected':
          outcomes.push({ part: event.part, outcome: 'quarantined', ...said(event.reason) })
          break
        case 'failure':
        case 'tls':
          outcomes.push({ part: event.part, outcome: 'quarantined', code: 'unsupported_kind', message: 'Reports of this kind are not stored yet.' })
          break
        case 'report': {
          const { part, report: head } = event
          if (!accepts(domains, head.policy.domain)) {
            current = { report: undefined, rows: 0, aligned: { dkim: 0, spf: 0 } }
            const message = `The report is about ${head.policy.domain}, which RUADAR_DOMAINS does not list.`
            outcomes.push({ part, outcome: 'quarantined', code: 'unknown_domain', message })
            break
          }
          const report = await openReport(trx, dictionary, { id: mail.id, part }, head)
          current = { report, rows: 0, aligned: { dkim: 0, spf: 0 } }
          outcomes.push({ part, outcome: report.outcome, reportId: report.id })
          break
        }
        case 'records':
          if (!current.report?.takesRecords) break
          addAligned(current.aligned, event.records)
          await saveRecords(trx, dictionary, current.report.id, event.records, current.rows + 1)
          current.rows += event.records.length
          break
        case 'end':
          if (current.report?.takesRecords) await closeReport(trx, current.report, event.totals, current.aligned, event.warnings)
          break
      }
    }
  }
  return { outcomes, envelope }
}

function addAligned(aligned: { dkim: number; spf: number }, records: readonly AggregateRecord[]): void {
  for (const { count, dkim, spf } of records) {
    if (dkim === 'pass') aligned.dkim += count
    if (spf === 'pass') aligned.spf += count
  }
}

function accepts(domains: readonly string[], policyDomain: string): boolean {
  return domains.length === 0 || domains.some((domain) => policyDomain === domain || policyDomain.endsWith(`.${domain}`))
}

/** A reason as it is stored: the limit and the place stand in the sentence, so that a person sees what to change. */
function said({ code, message, where, limit }: Reason): { code: string; message: string } {
  const details = [where && `at ${where}`, limit && `limit ${limit.name} = ${limit.value}`].filter(Boolean).join(', ')
  return { code, message: details ? `${message} (${details})` : message }
}
