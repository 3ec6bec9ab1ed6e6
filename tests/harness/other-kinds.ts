import { createHash } from 'node:crypto'
import type { FailureReport, TlsReport } from '@ruadar/reports'
import { type FailureMailOptions, writeFailureMail, writeTls } from '@ruadar/reports/generate'

let made = 0
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A failure report about a message to two people; `content` is what makes it another one. */
export function failureReport({ content, ...given }: Partial<FailureReport> & { content?: string } = {}): FailureReport {
  return {
    kind: 'failure',
    feedbackType: 'auth-failure',
    authFailure: 'dmarc',
    reportedDomain: 'example.com',
    sourceIp: '192.0.2.1',
    sourceText: null,
    arrivalDate: Date.parse('2026-03-15T10:00:00Z') / 1000,
    originalMailFrom: 'bounce-anna.berg=example.org@mailer.example',
    originalRcptTo: ['anna.berg@example.org'],
    deliveryResult: 'reject',
    identityAlignment: 'none',
    userAgent: 'Reporter/1',
    incidents: 1,
    authenticationResults: ['mx.example.org; dmarc=fail header.from=example.com'],
    dkim: { domain: 'example.com', selector: 's1', identity: '@example.com' },
    spfDns: ['txt : example.com : v=spf1 -all'],
    original: {
      from: 'Billing <billing@example.com>',
      subject: 'Invoice 4711',
      messageId: '<4711@example.com>',
      headers: [
        {
          name: 'Received',
          value: 'from mailer.example ([192.0.2.1]) by mx.example.org with ESMTP for <anna.berg@example.org>; Sun, 15 Mar 2026',
        },
        { name: 'From', value: 'Billing <billing@example.com>' },
        { name: 'To', value: '"Anna Berg" <anna.berg@example.org>, b@example.net' },
        { name: 'Subject', value: 'Invoice 4711' },
        { name: 'List-Unsubscribe', value: '<mailto:leave+anna.berg=example.org@mailer.example>' },
      ],
      body: null,
    },
    reporter: 'mx.example.org',
    contentHash: hashOf(content ?? `failure ${++made}`),
    warnings: [],
    ...given,
  }
}

/** A TLS report of one UTC day with one sts policy. */
export function tlsReport({
  content,
  day = '2026-03-15',
  ...given
}: Partial<TlsReport> & { content?: string; day?: string } = {}): TlsReport {
  made += 1
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000
  return {
    kind: 'tls',
    organization: 'Sender Example',
    contact: 'tls@sender.example',
    reportId: `tls-${made}`,
    begin,
    end: begin + 86_399,
    policies: [tlsPolicy()],
    reporter: 'sender example',
    contentHash: hashOf(content ?? `tls ${made}`),
    jsonBytes: 1000,
    warnings: [],
    ...given,
  }
}

export function tlsPolicy(given: Partial<TlsReport['policies'][number]> = {}): TlsReport['policies'][number] {
  return {
    policyType: 'sts',
    policyDomain: 'example.com',
    policyStrings: ['version: STSv1', 'mode: enforce'],
    mxHosts: ['mx.example.com'],
    successful: 90,
    failed: 10,
    failureDetails: [tlsFailure()],
    ...given,
  }
}

export function tlsFailure(
  given: Partial<TlsReport['policies'][number]['failureDetails'][number]> = {},
): TlsReport['policies'][number]['failureDetails'][number] {
  return {
    resultType: 'certificate-expired',
    sendingMtaIp: '198.51.100.7',
    receivingMxHostname: 'mx.example.com',
    receivingMxHelo: null,
    receivingIp: '203.0.113.5',
    failedSessions: 10,
    additionalInformation: null,
    failureReasonCode: null,
    ...given,
  }
}

/** The mail that brings a failure report. */
export function failureMail(given: Parameters<typeof failureReport>[0] = {}, options: FailureMailOptions = {}): Buffer {
  const report = failureReport(given)
  const { headers, body } = report.original
  return writeFailureMail({ ...report, headers, body }, { reporter: report.reporter, ...options })
}

/** A TLS report as a file of JSON. */
export const tlsJson = (given: Parameters<typeof tlsReport>[0] = {}): Buffer => Buffer.from(writeTls(tlsReport(given)))
