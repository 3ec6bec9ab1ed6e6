import type { Warning } from '../report.ts'

/** One header field of the message that a failure report is about: decoded, unfolded, bounded; in the order of the message. */
export interface SampleHeader {
  name: string
  value: string
}

/**
 * A failure report (ARF, RFC 5965, 6591 and 9991) as reported: what is absent is null, nothing is filled in. Words outside the
 * standard's lists are kept as they came, in lower case. Everything in it is hostile text, and personal data of others.
 */
export interface FailureReport {
  kind: 'failure'
  /** `auth-failure` for DMARC; complaint loops send `abuse`, `fraud`, `virus`, `not-spam`, `other`. */
  feedbackType: string | null
  /** `dmarc`, `spf`, `signature`, `bodyhash`, `revoked`, `adsp` or what the reporter wrote. */
  authFailure: string | null
  /** From domain of the message, in lower case and A-labels. */
  reportedDomain: string | null
  /** As reported, only where that is not ASCII. */
  reportedDomainText?: string
  /** Canonical (RFC 5952) text; null when absent or no address. */
  sourceIp: string | null
  /** What stood in place of an address, when it is none. Never looked up. */
  sourceText: string | null
  /** UTC epoch seconds of `Arrival-Date` or `Received-Date`; null when absent or not a time. */
  arrivalDate: number | null
  /** Address as reported without `<>`; empty for the null reverse-path. */
  originalMailFrom: string | null
  originalRcptTo: string[]
  deliveryResult: string | null
  /** Raw: RFC 9991 turned the meaning round, and a report does not say which reading it follows (report-formats.md 3.3). */
  identityAlignment: string | null
  userAgent: string | null
  /** Messages that this report stands for; 1 when not said. */
  incidents: number
  authenticationResults: string[]
  dkim: { domain: string | null; selector: string | null; identity: string | null }
  spfDns: string[]
  original: {
    from: string | null
    subject: string | null
    messageId: string | null
    headers: SampleHeader[]
    /** Start of the body as text, only when the caller asked for bodies and the reporter sent one. */
    body: string | null
  }
  /** Domain of the From address of the mail that brought it, empty when there was no mail: who is taken as the reporter. */
  reporter: string
  /**
   * Lower-case hex SHA-256 over the feedback fields (but a copy of the body among them) and the sample's headers: the same report in
   * another mail, or in one reduced to its headers, has the same.
   */
  contentHash: string
  warnings: Warning[]
}
