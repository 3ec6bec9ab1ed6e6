import type { Db } from '@ruadar/platform'
import type { AggregateRecord, Reason } from '@ruadar/reports'
import type { ReaderEvent } from '../reading/messages.ts'
import { closeReport, type OpenReport, openReport, saveRecords } from './aggregate.ts'
import type { Dictionary } from './dictionary.ts'
import { saveFailure } from './failure.ts'
import type { MailOutcome } from './outcomes.ts'
import { saveTls } from './tls.ts'

export interface ReadMail {
  outcomes: MailOutcome[]
  envelope: { subject: string | null; sender: string | null } | undefined
  /** For each failure report in it the mail without the body of the message shown, null where that can't be told apart. */
  samples: { reduced: Uint8Array | null; isStored: boolean }[]
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
  mail: { id: number; receivedAt: number },
  batches: AsyncIterable<ReaderEvent[]>,
  domains: readonly string[],
): Promise<ReadMail> {
  const outcomes: MailOutcome[] = []
  let envelope: ReadMail['envelope']
  const samples: ReadMail['samples'] = []
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
        case 'failure': {
          const { part, report } = event
          const stranger = refuse(domains, [report.reportedDomain])
          samples.push({ reduced: event.reduced, isStored: !stranger })
          outcomes.push({ part, kind: 'failure', ...(stranger ?? saved(await saveFailure(trx, dictionary, { ...mail, part }, report))) })
          break
        }
        case 'tls': {
          const { part, report } = event
          const stranger = refuse(
            domains,
            report.policies.map((it) => it.policyDomain),
          )
          outcomes.push({ part, kind: 'tls', ...(stranger ?? saved(await saveTls(trx, dictionary, { ...mail, part }, report))) })
          break
        }
        case 'report': {
          const { part, report: head } = event
          const stranger = refuse(domains, [head.policy.domain])
          if (stranger) {
            current = { report: undefined, rows: 0, aligned: { dkim: 0, spf: 0 } }
            outcomes.push({ part, ...stranger })
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
  return { outcomes, envelope, samples }
}

function addAligned(aligned: { dkim: number; spf: number }, records: readonly AggregateRecord[]): void {
  for (const { count, dkim, spf } of records) {
    if (dkim === 'pass') aligned.dkim += count
    if (spf === 'pass') aligned.spf += count
  }
}

/**
 * Why a report is not taken when it is about none of our domains. One that names no domain is taken. The Policy Domain of a TLS report
 * may be the host of an MX (RFC 8460), which is not for RUADAR_DOMAINS to list: one policy that is ours is enough.
 */
function refuse(domains: readonly string[], about: readonly (string | null)[]): Omit<MailOutcome, 'part'> | undefined {
  const named = about.filter((domain) => domain !== null)
  if (domains.length === 0 || named.length === 0 || named.some((domain) => isOurs(domains, domain))) return undefined
  const message = `The report is about ${named[0]}, which RUADAR_DOMAINS does not list.`
  return { outcome: 'quarantined', code: 'unknown_domain', message }
}

const isOurs = (domains: readonly string[], domain: string): boolean =>
  domains.some((ours) => domain === ours || domain.endsWith(`.${ours}`))

const saved = ({ id, outcome }: { id: number; outcome: MailOutcome['outcome'] }): Omit<MailOutcome, 'part'> => ({ outcome, reportId: id })

/** A reason as it is stored: the limit and the place stand in the sentence, so that a person sees what to change. */
function said({ code, message, where, limit }: Reason): { code: string; message: string } {
  const details = [where && `at ${where}`, limit && `limit ${limit.name} = ${limit.value}`].filter(Boolean).join(', ')
  return { code, message: details ? `${message} (${details})` : message }
}
