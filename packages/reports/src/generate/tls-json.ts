import type { TlsFailureDetail, TlsPolicy, TlsReport } from '../tls/types.ts'

/** What an SMTP TLS report says, without what a reader derives from it. */
export type TlsContent = Pick<TlsReport, 'organization' | 'contact' | 'reportId' | 'begin' | 'end' | 'policies'>

/** Writes a TLS report as JSON (RFC 8460 4.4); what is null is left out. */
export function writeTls({ organization, contact, reportId, begin, end, policies }: TlsContent): string {
  const report = {
    'organization-name': organization,
    'date-range': { 'start-datetime': timeText(begin), 'end-datetime': timeText(end) },
    'contact-info': contact,
    'report-id': reportId,
    policies: policies.map(policyObject),
  }
  return JSON.stringify(report, (_, value: unknown) => value ?? undefined)
}

function policyObject(policy: TlsPolicy): object {
  return {
    policy: {
      'policy-type': policy.policyType,
      'policy-string': policy.policyStrings,
      'policy-domain': policy.policyDomain,
      'mx-host': policy.mxHosts,
    },
    summary: { 'total-successful-session-count': policy.successful, 'total-failure-session-count': policy.failed },
    'failure-details': policy.failureDetails.map(detailObject),
  }
}

function detailObject(detail: TlsFailureDetail): object {
  return {
    'result-type': detail.resultType,
    'sending-mta-ip': detail.sendingMtaIp,
    'receiving-mx-hostname': detail.receivingMxHostname,
    'receiving-mx-helo': detail.receivingMxHelo,
    'receiving-ip': detail.receivingIp,
    'failed-session-count': detail.failedSessions,
    'additional-information': detail.additionalInformation,
    'failure-reason-code': detail.failureReasonCode,
  }
}

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
