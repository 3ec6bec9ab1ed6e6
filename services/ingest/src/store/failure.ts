import { type Db, sql } from '@ruadar/platform'
import type { FailureReport } from '@ruadar/reports'
import { noteDeviations } from './deviations.ts'
import type { Dictionary } from './dictionary.ts'
import { indexed, storedJson, storedText } from './stored-text.ts'

/** The last second of the year 9999: what every part of the way to the page can show. */
const lastSecond = 253_402_300_799
const mostIncidents = 2_147_483_647

/**
 * Stores a failure report, once by its content: the same one in another mail is a duplicate. A mail that is read again meets its own
 * report and is `imported` as before; what reading gained meanwhile is not written over it, because the mail may have been reduced.
 * `receivedAt` (UTC epoch seconds) stands in where the report does not say when the message came. A report about no domain, or of
 * nobody, is kept under the empty name.
 */
export async function saveFailure(
  trx: Db,
  dictionary: Dictionary,
  mail: { id: number; part: string; receivedAt: number },
  report: FailureReport,
): Promise<{ id: number; outcome: 'imported' | 'duplicate' }> {
  const known = await findByHash(trx, mail, report)
  if (known) return known
  const domainId = await dictionary.name('domains', storedText(report.reportedDomain ?? '', indexed.name))
  const reporterId = await dictionary.name('reporters', storedText(report.reporter, indexed.name))
  const arrival = report.arrivalDate !== null && report.arrivalDate >= 0 && report.arrivalDate <= lastSecond ? report.arrivalDate : null
  const { original } = report
  const { rows } = await sql<{ id: number }>`
    insert into failure_reports (
      mail_id, part, content_hash, domain_id, reporter_id, source_ip, arrived_at, arrival_reported, feedback_type, auth_failure,
      delivery_result, identity_alignment, user_agent, incidents, mail_from, rcpt_to, authentication_results, dkim, spf_dns,
      author, subject, message_id, headers, body, warnings)
    values (
      ${mail.id}, ${mail.part}, ${Buffer.from(report.contentHash, 'hex')}, ${domainId}, ${reporterId}, ${report.sourceIp}::inet,
      to_timestamp(${arrival ?? Math.floor(mail.receivedAt)}), ${arrival !== null}, ${storedText(report.feedbackType)},
      ${storedText(report.authFailure, indexed.word)}, ${storedText(report.deliveryResult)}, ${storedText(report.identityAlignment)},
      ${storedText(report.userAgent)}, ${Math.min(report.incidents, mostIncidents)}, ${storedText(report.originalMailFrom)},
      ${storedJson(report.originalRcptTo)}::jsonb, ${storedJson(report.authenticationResults)}::jsonb, ${storedJson(report.dkim)}::jsonb,
      ${storedJson(report.spfDns)}::jsonb, ${storedText(original.from)}, ${storedText(original.subject)}, ${storedText(original.messageId)},
      ${storedJson(original.headers)}::jsonb, ${storedText(original.body)}, ${storedJson(report.warnings)}::jsonb)
    on conflict do nothing
    returning id`.execute(trx)
  if (rows[0]) {
    const { id } = rows[0]
    await noteDeviations(trx, 'failure', [{ reporterId, reportId: id, warnings: report.warnings }])
    return { id, outcome: 'imported' }
  }
  const appeared = await findByHash(trx, mail, report) // another process has just committed the same report
  if (appeared) return appeared
  throw new Error('a failure report was neither stored nor found')
}

async function findByHash(
  trx: Db,
  mail: { id: number; part: string },
  report: FailureReport,
): Promise<{ id: number; outcome: 'imported' | 'duplicate' } | undefined> {
  const { rows } = await sql<{ id: number; own: boolean }>`
    select id, mail_id = ${mail.id} and part = ${mail.part} as own from failure_reports
    where content_hash = ${Buffer.from(report.contentHash, 'hex')}`.execute(trx)
  const [row] = rows
  return row && { id: row.id, outcome: row.own ? 'imported' : 'duplicate' }
}
