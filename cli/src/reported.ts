import type { AggregateHead, AggregateRecord, FailureReport, TlsReport } from '@ruadar/reports'

/*
 * `ruadar parse` prints facts as they were reported. What the store keeps apart, because it joins rows by addresses and A-labels only, stands
 * here in the place where it was reported: a host name where an address belongs, a domain that is not ASCII.
 */

export function reportedHead({ policy: { domainText, ...policy }, ...head }: AggregateHead): AggregateHead {
  return { ...head, policy: { ...policy, domain: domainText ?? policy.domain } }
}

export function reportedRecord({ sourceText, headerFromText, ...record }: AggregateRecord): Omit<AggregateRecord, 'sourceText'> {
  return { ...record, sourceIp: record.sourceIp ?? sourceText, headerFrom: headerFromText ?? record.headerFrom }
}

export function reportedFailure({ sourceText, reportedDomainText, ...report }: FailureReport): Omit<FailureReport, 'sourceText'> {
  return { ...report, sourceIp: report.sourceIp ?? sourceText, reportedDomain: reportedDomainText ?? report.reportedDomain }
}

export function reportedTls(report: TlsReport): TlsReport {
  const policies = report.policies.map(({ policyDomainText, ...it }) => ({ ...it, policyDomain: policyDomainText ?? it.policyDomain }))
  return { ...report, policies }
}
