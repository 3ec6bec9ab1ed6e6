import { type Db, sql } from '@ruadar/platform'
import type { TlsReport } from '@ruadar/reports'
import { noteDeviations } from './deviations.ts'
import type { Dictionary } from './dictionary.ts'
import { indexed, storedJson, storedText } from './stored-text.ts'
import { settleTls, updateTls, withdrawTls } from './tls-reread.ts'
import { rollUpTls } from './tls-rollups.ts'

export interface SavedTls {
  id: number
  outcome: 'imported' | 'duplicate' | 'conflict'
}

/**
 * Stores a TLS report with its policies, failures and daily sums, by the rules that aggregate reports have (report-formats.md 1.9):
 * the same JSON again is a duplicate; the same reporter, first policy domain, report id and period with other content is kept as a
 * conflict that no sum counts. A mail that is read again meets its own reports, which take what the reader says now.
 * A policy without a domain is kept under the empty name.
 */
export async function saveTls(trx: Db, dictionary: Dictionary, mail: { id: number; part: string }, report: TlsReport): Promise<SavedTls> {
  const known = await findByHash(trx, mail, report)
  if (known?.outcome === 'duplicate') return known
  const domains = report.policies.map((policy) => storedText(policy.policyDomain ?? '', indexed.name))
  const domainIds = await dictionary.names('domains', new Set([...domains, '']))
  const reporterId = await dictionary.name('reporters', storedText(report.reporter, indexed.name))
  const sum = (pick: (policy: TlsReport['policies'][number]) => number) => report.policies.reduce((all, policy) => all + pick(policy), 0)
  const policyDomains = domains.map((domain) => domainIds.get(domain))
  if (known) {
    const before = await withdrawTls(trx, known.id)
    const state = await updateTls(trx, before, report, { domainId: domainIds.get(domains[0] ?? ''), reporterId, sum })
    await savePolicies(trx, known.id, report, policyDomains)
    const now = [{ reporterId, reportId: known.id, warnings: report.warnings }]
    await noteDeviations(trx, 'tls', now, [{ ...before, reportId: known.id }])
    if (state === 'counted') await rollUpTls(trx, known.id, 1)
    return { id: known.id, outcome: await settleTls(trx, known.id, before) }
  }
  for (const state of ['counted', 'conflict'] as const) {
    const { rows } = await sql<{ id: number }>`
      insert into tls_reports (mail_id, part, state, content_hash, json_bytes, domain_id, reporter_id, report_id, begin_at, end_at, day,
                               organization, contact, successful, failed, warnings)
      values (${mail.id}, ${mail.part}, ${state}::report_state, ${Buffer.from(report.contentHash, 'hex')}, ${report.jsonBytes},
              ${domainIds.get(domains[0] ?? '')}, ${reporterId}, ${storedText(report.reportId, indexed.id)}, to_timestamp(${report.begin}),
              to_timestamp(${report.end}), (to_timestamp(${report.begin}) at time zone 'UTC')::date, ${storedText(report.organization)},
              ${storedText(report.contact)}, ${sum((policy) => policy.successful)}, ${sum((policy) => policy.failed)},
              ${storedJson(report.warnings)}::jsonb)
      on conflict do nothing
      returning id`.execute(trx)
    if (rows[0]) {
      const { id } = rows[0]
      await savePolicies(trx, id, report, policyDomains)
      await noteDeviations(trx, 'tls', [{ reporterId, reportId: id, warnings: report.warnings }])
      if (state === 'counted') await rollUpTls(trx, id, 1)
      return { id, outcome: state === 'counted' ? 'imported' : 'conflict' }
    }
    // Either another process has just committed the same JSON, or a report with this key counts already.
    const appeared = await findByHash(trx, mail, report)
    if (appeared) return appeared
  }
  throw new Error('a TLS report could be stored neither as counted nor as conflict')
}

async function findByHash(trx: Db, mail: { id: number; part: string }, report: TlsReport): Promise<SavedTls | undefined> {
  const { rows } = await sql<{ id: number; own: boolean; state: 'counted' | 'conflict' }>`
    select id, mail_id = ${mail.id} and part = ${mail.part} as own, state from tls_reports
    where content_hash = ${Buffer.from(report.contentHash, 'hex')}`.execute(trx)
  const [row] = rows
  return row && { id: row.id, outcome: !row.own ? 'duplicate' : row.state === 'counted' ? 'imported' : 'conflict' }
}

async function savePolicies(trx: Db, reportId: number, { policies }: TlsReport, domainIds: (number | undefined)[]): Promise<void> {
  if (policies.length === 0) return
  const column = <T>(pick: (policy: TlsReport['policies'][number]) => T) => policies.map(pick)
  await sql`
    insert into tls_policies (report_id, place, policy_type, domain_id, day, policy_strings, mx_hosts, successful, failed)
    select r.id, given.place, policy_type, given.domain_id, r.day, policy_strings, mx_hosts, given.successful, given.failed
    from tls_reports r, unnest(
      ${column((policy) => storedText(policy.policyType, indexed.word))}::text[], ${domainIds}::int[],
      ${column((policy) => storedJson(policy.policyStrings))}::jsonb[], ${column((policy) => storedJson(policy.mxHosts))}::jsonb[],
      ${column((policy) => policy.successful)}::bigint[], ${column((policy) => policy.failed)}::bigint[]
    ) with ordinality as given(policy_type, domain_id, policy_strings, mx_hosts, successful, failed, place)
    where r.id = ${reportId}`.execute(trx)
  const failures = policies.flatMap((policy, index) =>
    policy.failureDetails.map((detail, place) => ({ ...detail, policy: index + 1, place: place + 1 })),
  )
  if (failures.length === 0) return
  const of = <T>(pick: (failure: (typeof failures)[number]) => T) => failures.map(pick)
  await sql`
    insert into tls_failures (report_id, policy_place, place, result_type, sending_mta_ip, receiving_mx_hostname, receiving_mx_helo,
                              receiving_ip, sessions, additional_information, failure_reason_code)
    select ${reportId}::bigint, * from unnest(
      ${of((it) => it.policy)}::int[], ${of((it) => it.place)}::int[], ${of((it) => storedText(it.resultType, indexed.word))}::text[],
      ${of((it) => it.sendingMtaIp)}::inet[], ${of((it) => storedText(it.receivingMxHostname, indexed.name))}::text[],
      ${of((it) => storedText(it.receivingMxHelo))}::text[], ${of((it) => it.receivingIp)}::inet[],
      ${of((it) => it.failedSessions)}::bigint[], ${of((it) => storedText(it.additionalInformation))}::text[],
      ${of((it) => storedText(it.failureReasonCode))}::text[])`.execute(trx)
}
